# SPDX-License-Identifier: LGPL-2.1-or-later
# Other programs read vmstall's output.
file(GLOB interchange_recordings ${CMAKE_SOURCE_DIR}/samples/*.dat ${CMAKE_SOURCE_DIR}/tests/fixtures/recordings/*.dat
	${CMAKE_SOURCE_DIR}/tests/fixtures/leaks/*.dat)
add_test(NAME interchange COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/interchange/interchange.py
	$<TARGET_FILE:vmstall> ${CMAKE_SOURCE_DIR}/docs/vmstall-report.schema.json ${interchange_recordings})
set_tests_properties(interchange PROPERTIES TIMEOUT 300
	ENVIRONMENT "${as_run}")
