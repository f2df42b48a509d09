/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* args.h - find an argument in the print format of an event, which is where kernels keep their tables */
#ifndef VMSTALL_DECODE_ARGS_H
#define VMSTALL_DECODE_ARGS_H

#include <stdbool.h>

struct tep_handle;
struct tep_event;
struct tep_print_arg;

typedef bool arg_test(const struct tep_print_arg *arg);

/* The first argument of @format, at any depth, that passes @test; NULL: none. */
const struct tep_print_arg *find_arg(const struct tep_event *format, arg_test *test);

/* The same in all events of the recording. */
const struct tep_print_arg *find_arg_anywhere(struct tep_handle *tep, arg_test *test);

#endif
