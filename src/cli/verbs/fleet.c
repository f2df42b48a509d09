// SPDX-License-Identifier: LGPL-2.1-or-later
/* fleet.c - vmstall fleet: how often do all these machines stall, which of them, and is it getting better? */
#include "cli/verbs/fleet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch/fleet/page.h"
#include "cli/options/table.h"
#include "cli/options/term.h"
#include "cli/run/output.h"
#include "cli/verbs/verbs.h"
#include "util/text.h"

/* @since: always a date, even if the user gave a number of days. */
struct fleet_order { struct fleet_options fleet; const char *csv, *json, *html; char since[16]; uint64_t wait_ms; };

static struct fleet_order *own(struct options *o)
{
	return o->own;
}

static int set_db(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	own(o)->fleet.db = value;
	return *value ? 0 : fail(reterr_why, -1, "no file name");
}

/* Parse "2024-06-11", or "7d": that many days ago. */
static int set_since(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	struct fleet_order *f = own(o);
	struct tm tm = { 0 };
	char *end = strptime(value, "%Y-%m-%d", &tm);
	long days;
	time_t t;

	(void)row;
	if (!end || *end) {
		days = strtol(value, &end, 10);
		if (end == value || strcmp(end, "d") != 0 || days < 0 || days > 100000)
			return fail(reterr_why, -1, "'%s' is no date (2024-06-11) and no number of days (7d)", value);
		t = time(NULL) - days * 86400;
		gmtime_r(&t, &tm);
	}
	strftime(f->since, sizeof(f->since), "%Y-%m-%d", &tm);
	f->fleet.since = f->since;
	return 0;
}

static int set_cause(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	own(o)->fleet.cause = value;
	for (enum cause c = 0; c < NR_CAUSES; c++)
		if (!strcmp(value, cause_name(c)))
			return 0;
	return fail(reterr_why, -1, "'%s' is no cause of stalls.csv (lru_lock_hold, direct_reclaim ...)", value);
}

static int set_least(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	return parse_duration(value, &own(o)->fleet.least_ns, reterr_why);
}

static int set_csv(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	own(o)->csv = value;
	return *value ? 0 : fail(reterr_why, -1, "no file name");
}

static int set_json(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	own(o)->json = value;
	return *value ? 0 : fail(reterr_why, -1, "no file name");
}

static int set_html(struct options *o, const struct row *row, const char *value, char **reterr_why)
{
	(void)row;
	own(o)->html = value;
	return *value ? 0 : fail(reterr_why, -1, "no file name");
}

static const struct row rows[] = {
	{ "db", "FILE", "the database that vmstall batch made (fleet.sqlite)", 0, 0, set_db, NULL },
	{ "since", "DATE", "compare the time since DATE (2024-06-11, or 7d ago) with the time before, and say what is new", 0, 0, set_since, NULL },
	{ "cause", "CAUSE", "only stalls of this cause, as in stalls.csv: lru_lock_hold, ...", 0, 0, set_cause, NULL },
	{ "min-stall", "TIME", "only stalls that long: ns, us, ms, s; a bare number is ms", 0, 0, set_least, NULL },
	{ "csv", "FILE", "the summary as a table, a row for each group, duration, cause and failed file", 0, 0, set_csv, NULL },
	{ "json", "FILE", "the summary as JSON", 0, 0, set_json, NULL },
	{ "html", "FILE", "a page to look at: rates by week and release, every stall", 0, 0, set_html, NULL },
	{ 0 },
};

static const struct verb fleet = {
	.name	  = "fleet",
	.about	  = "Sum up the recordings of a database: how often they stall, by kernel, vehicle and release, and why.",
	.groups	  = OPTIONS_COMMON,
	.rows	  = rows,
	.operands = "",
	.exits	  = "\nAn output's FILE may be '-': it goes to standard output in place of the summary.\n"
		    "\nExit status: 0 done, 2 usage, or no such database, 3 the database cannot be read,\n"
		    "4 an output could not be written.",
};

struct filling { const struct fleet *fleet; int (*write)(const struct fleet *f, FILE *out); };

static int fill(void *data, FILE *out)
{
	const struct filling *f = data;

	return f->write(f->fleet, out);
}

static int write_output(const struct fleet *f, const char *path, int (*write)(const struct fleet *f, FILE *out))
{
	struct filling filling = { f, write };
	int err = path ? file_write(path, fill, &filling) : 0;

	if (err)
		cli_log("%s: not written: %s", path, error_text(err));
	return err ? EXIT_PARTIAL : EXIT_DONE;
}

struct page_filling { struct fleet_page page; char *why; };

static int fill_page(void *data, FILE *out)
{
	struct page_filling *f = data;

	return fleet_html(&f->page, out, &f->why);
}

static int write_page(const struct fleet *f, const struct fleet_order *order, struct store *store)
{
	struct page_filling filling = { .page = { store, f, &order->fleet, order->html } };
	int err = order->html ? file_write(order->html, fill_page, &filling) : 0;

	if (err)
		cli_log("%s: not written: %s", order->html, filling.why ? filling.why : error_text(err));
	free(filling.why);
	return err ? EXIT_PARTIAL : EXIT_DONE;
}

static bool is_stdout(const char *path)
{
	return path && !strcmp(path, "-");
}

static int give_out(const struct fleet_order *order, const struct fleet *f, struct store *store, const struct options *o)
{
	struct writer_options w = term_options(o);
	int csv = write_output(f, order->csv, fleet_csv), json = write_output(f, order->json, fleet_json), text = EXIT_DONE;
	int html = write_page(f, order, store);

	if (!is_stdout(order->csv) && !is_stdout(order->json) && !is_stdout(order->html) && fleet_text(f, &w, stdout) == -ENOMEM)
		text = EXIT_PARTIAL;
	if (stdout_finish())
		text = EXIT_PARTIAL;
	return csv ? csv : json ? json : html ? html : text;
}

static int summarise(struct store *store, const struct fleet_order *order, const struct options *o)
{
	char *why = NULL;
	struct fleet f;
	int err = fleet_load(store, &order->fleet, &f, &why), status = EXIT_UNREADABLE;

	if (err)
		cli_log("%s", why ? why : error_text(err));
	else
		status = give_out(order, &f, store, o);
	free(why);
	fleet_clear(&f);
	return status;
}

int fleet_tell(struct store *store, const char *db, const struct options *o)
{
	return summarise(store, &(struct fleet_order){ .fleet.db = db }, o) ? EXIT_PARTIAL : EXIT_DONE;
}

static int check(const struct fleet_order *order, const struct options *o)
{
	if (o->nr_operands)
		cli_log("fleet: what is '%s'? The database is named by --db (vmstall fleet --help)", o->operands[0]);
	else if (is_stdout(order->csv) + is_stdout(order->json) + is_stdout(order->html) > 1)
		cli_log("fleet: only one of --csv, --json and --html can go to '-'");
	else
		return -1;
	return EXIT_USAGE;
}

static int run(const struct fleet_order *order, const struct options *o)
{
	struct store *store = NULL;
	char *why = NULL;
	int status;

	if (store_open(order->fleet.db, STORE_READ, (unsigned int)order->wait_ms, &store, &why)) {
		cli_log("%s", why ? why : "out of memory");
		free(why);
		return EXIT_USAGE;
	}
	status = summarise(store, order, o);
	store_close(store);
	return status;
}

int cmd_fleet(int argc, char **argv)
{
	struct fleet_order order = { .fleet.db = "fleet.sqlite", .wait_ms = 60000 };
	struct options o;
	int status = options_parse_own(&fleet, &order, argc, argv, &o);

	if (status < 0)
		status = check(&order, &o);
	return status < 0 ? run(&order, &o) : status;
}
