# SPDX-License-Identifier: LGPL-2.1-or-later
file(GLOB sample ${CMAKE_SOURCE_DIR}/samples/*.dat)
add_test(NAME same_answer COMMAND sh ${CMAKE_SOURCE_DIR}/tests/readers/same.sh $<TARGET_FILE:vmstall> ${sample})
set_tests_properties(same_answer PROPERTIES TIMEOUT 600 LABELS threads
	ENVIRONMENT "${as_run}")
add_custom_target(threads DEPENDS vmstall test_readers test_merge)
