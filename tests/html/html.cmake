# SPDX-License-Identifier: LGPL-2.1-or-later
# The pages of --html in a real browser without a screen. Without chromium the test is reported as skipped.
add_executable(make_hostile html/make_hostile.c scenario/small.c)
target_include_directories(make_hostile PRIVATE scenario)
target_link_libraries(make_hostile PRIVATE vmstall_test_support)
set_target_properties(make_hostile PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

foreach(case Sample Several Healthy Hostile Leaks Gfp Reclaim Fleet)
	string(TOLOWER html_${case} name)
	add_test(NAME ${name} COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/html/html.py
		$<TARGET_FILE:vmstall> $<TARGET_FILE:make_hostile> ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/tests/html ${case})
	set_tests_properties(${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
		ENVIRONMENT "${as_run}")
endforeach()
