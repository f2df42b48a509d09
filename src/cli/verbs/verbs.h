/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verbs.h - one function a verb; each returns the exit status (enum exit_status) */
#ifndef VMSTALL_CLI_VERBS_H
#define VMSTALL_CLI_VERBS_H

int cmd_analyze(int argc, char **argv);
int cmd_leaks(int argc, char **argv);
int cmd_timeline(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_reclaim(int argc, char **argv);
int cmd_gfp(int argc, char **argv);
int cmd_batch(int argc, char **argv);
int cmd_fleet(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_rules(int argc, char **argv);

#endif
