// SPDX-License-Identifier: LGPL-2.1-or-later
/* test_bind.c - is a field found at the offset in the recording's own format, whatever that format says? */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <traceevent/event-parse.h>

#include "decode/decode.h"
#include "kernel.h"

/* Formats that no kernel of the fixtures has. */
/* clang-format off */
static const struct field_spec made_fields[] = {
	FIELD(sw, prev_state,	"state",	0),
	FIELD_STR(sw, prev_comm, "comm",	HAS_COMM),
	FIELD(sw, next_pid,	"new|old",	HAS_PRIO),
};
/* clang-format on */
static const struct event_spec made_spec = {
	.kind = EVENT_SCHED_SWITCH, .system = "test", .name = "made", .fields = made_fields, .nr_fields = 3
};

static const struct field_spec stack_fields[] = { FIELD_ADDRESSES(stack, "caller", 0) };
static const struct event_spec stack_spec = {
	.kind = EVENT_KERNEL_STACK, .system = "test", .name = "made", .fields = stack_fields, .nr_fields = 1
};

static int bind_made(const char *fields, const char **reterr_field)
{
	struct tep_handle *tep = kernel_open("", false);
	struct tep_event *format = kernel_add(tep, fields, "\"\"");
	struct event_binding b;
	int err = event_bind(tep, format, &made_spec, &b, reterr_field);

	tep_free(tep);
	return err;
}

static void a_missing_field_is_named(void **state)
{
	const char *field = NULL;

	(void)state;
	assert_int_equal(bind_made("\tfield:int old;\toffset:8;\tsize:4;\tsigned:1;\n", &field), -ENOMSG);
	assert_string_equal(field, "state");
	assert_int_equal(bind_made("\tfield:long state;\toffset:8;\tsize:4;\tsigned:1;\n", &field), 0);
	assert_int_equal(bind_made("\tfield:long state;\toffset:8;\tsize:4;\tsigned:1;\n", NULL), 0);
}

static void impossible_layouts_are_missing_fields(void **state)
{
	(void)state;
	assert_int_equal(bind_made("\tfield:int state;\toffset:8;\tsize:3;\tsigned:1;\n", NULL), -ENOMSG);
	assert_int_equal(bind_made("\tfield:int state[4];\toffset:8;\tsize:16;\tsigned:1;\n", NULL), -ENOMSG);
	assert_int_equal(bind_made("\tfield:__data_loc char[] state;\toffset:8;\tsize:4;\tsigned:1;\n", NULL), -ENOMSG);
}

/* As before 5.2. The record has eight addresses, all ones behind the last one. */
static void a_list_declared_without_an_array_is_read_as_addresses_of_the_files_width(void **state)
{
	static const char fields[] = "\tfield:int size;\toffset:8;\tsize:4;\tsigned:1;\n"
				     "\tfield:unsigned long caller;\toffset:16;\tsize:0;\tsigned:0;\n";
	const uint64_t callers[8] = { 0xffffffff812b73cf, 0xffffffff812f9486, UINT64_MAX };

	(void)state;
	for (unsigned int width = 4; width <= 8; width += 4) {
		struct tep_handle *tep = kernel_open("", false);
		struct bytes_of r = record_of(kernel_add(tep, fields, "\"\""));
		struct event_binding b;
		struct event ev;

		tep_set_long_size(tep, (int)width);
		memcpy(r.data + 16, callers, sizeof(callers));
		r.size = 16 + sizeof(callers);
		assert_int_equal(event_bind(tep, r.format, &stack_spec, &b, NULL), 0);
		assert_true(event_decode(&b, r.data, r.size, &ev));
		assert_int_equal(ev.stack.nr, width == 8 ? 2 : 1);	/* as 32 bits, the second one is all ones */
		assert_true(ev.stack.callers[0] == (width == 8 ? callers[0] : (uint32_t)callers[0]));
		tep_free(tep);
	}
}

static void a_dynamic_list_is_no_list_of_addresses(void **state)
{
	struct tep_handle *tep = kernel_open("", false);
	struct tep_event *format = kernel_add(tep, "\tfield:__data_loc unsigned long[] caller;\toffset:8;\tsize:4;\tsigned:0;\n", "\"\"");
	struct event_binding b;

	(void)state;
	assert_int_equal(event_bind(tep, format, &stack_spec, &b, NULL), -ENOMSG);
	tep_free(tep);
}

static void an_offset_beyond_the_record_is_never_read(void **state)
{
	struct tep_handle *tep = kernel_open("", false);
	struct bytes_of r = { .size = sizeof(r.data) };
	struct event_binding b;
	struct event ev;

	(void)state;
	r.format = kernel_add(tep, "\tfield:long state;\toffset:2147483640;\tsize:8;\tsigned:1;\n", "\"\"");
	assert_int_equal(event_bind(tep, r.format, &made_spec, &b, NULL), 0);
	assert_false(event_decode(&b, r.data, r.size, &ev));
	tep_free(tep);
}

static const char made_layout[] = "\tfield:int old;\toffset:8;\tsize:4;\tsigned:1;\n"
				  "\tfield:__rel_loc char[] comm;\toffset:12;\tsize:4;\tsigned:1;\n"
				  "\tfield:long state;\toffset:16;\tsize:4;\tsigned:1;\n";

/* A long of a 32-bit kernel; the older of two names; a string counted from its own place. */
static void signs_are_extended_and_relative_strings_found(void **state)
{
	struct tep_handle *tep = kernel_open("", false);
	struct bytes_of r = record_of(kernel_add(tep, made_layout, "\"\""));
	struct event_binding b;
	struct event ev;

	(void)state;
	assert_int_equal(event_bind(tep, r.format, &made_spec, &b, NULL), 0);
	put(&r, "state", -2);
	put(&r, "old", -3);
	put_string(&r, "comm", "relative");
	assert_true(event_decode(&b, r.data, r.size, &ev));
	assert_true(ev.sw.prev_state == -2);
	assert_int_equal(ev.sw.next_pid, -3);
	assert_string_equal(ev.sw.prev_comm, "relative");
	assert_int_equal(ev.present, HAS_COMM | HAS_PRIO);
	assert_int_equal(ev.sw.prev_pid, 0);
	assert_false(event_decode(&b, r.data, r.size - 1, &ev));
	tep_free(tep);
}

/* RT kernels have more fields between common_pid and the event's own. So no fixed offsets 0, 2, 3, 4 may be assumed. */
static void the_header_is_read_where_the_format_puts_it(void **state)
{
	static const char layout[] = "\tfield:unsigned short common_type;\toffset:4;\tsize:2;\tsigned:0;\n"
				     "\tfield:unsigned char common_flags;\toffset:6;\tsize:1;\tsigned:0;\n"
				     "\tfield:unsigned char common_preempt_count;\toffset:7;\tsize:1;\tsigned:0;\n"
				     "\tfield:int common_pid;\toffset:0;\tsize:4;\tsigned:1;\n\n"
				     "\tfield:long state;\toffset:16;\tsize:8;\tsigned:1;\n";
	struct tep_handle *tep = kernel_open("", false);
	struct bytes_of r = record_of(kernel_add(tep, layout, "\"\""));
	struct common_binding b;
	struct event ev = { .kind = EVENT_LOST, .present = 1, .ts = 99 };

	(void)state;
	assert_int_equal(common_bind(tep, &b), 0);
	assert_false(common_decode(&b, r.data, 7, &ev));
	assert_int_equal(ev.kind, EVENT_LOST);
	assert_true(common_decode(&b, r.data, 8, &ev));
	assert_int_equal(ev.pid, 42);
	assert_int_equal(ev.id, 7);
	assert_int_equal(ev.flags, EVENT_FL_IRQS_OFF);
	assert_int_equal(ev.preempt, 3);
	assert_int_equal(ev.kind, EVENT_OTHER);
	assert_int_equal(ev.present, 0);
	assert_int_equal(ev.ts, 99);
	tep_free(tep);
}

static void no_formats_no_header(void **state)
{
	struct tep_handle *tep = kernel_open("", false);
	struct common_binding b;

	(void)state;
	assert_int_equal(common_bind(tep, &b), -ENOMSG);
	tep_free(tep);
}

static void a_spec_with_too_many_fields_is_refused(void **state)
{
	struct tep_handle *tep = kernel_open("5.10/sched", false);
	struct event_spec spec = made_spec;
	struct event_binding b;

	(void)state;
	spec.nr_fields = BINDING_MAX_FIELDS + 1;
	assert_int_equal(event_bind(tep, kernel_event(tep, "sched", "sched_switch"), &spec, &b, NULL), -E2BIG);
	tep_free(tep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_field_is_named),
		cmocka_unit_test(impossible_layouts_are_missing_fields),
		cmocka_unit_test(a_list_declared_without_an_array_is_read_as_addresses_of_the_files_width),
		cmocka_unit_test(a_dynamic_list_is_no_list_of_addresses),
		cmocka_unit_test(an_offset_beyond_the_record_is_never_read),
		cmocka_unit_test(signs_are_extended_and_relative_strings_found),
		cmocka_unit_test(the_header_is_read_where_the_format_puts_it),
		cmocka_unit_test(no_formats_no_header),
		cmocka_unit_test(a_spec_with_too_many_fields_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
