# SPDX-License-Identifier: LGPL-2.1-or-later
# Decode the output of --perfetto and check it.
add_executable(perfetto_scenes ${CMAKE_CURRENT_SOURCE_DIR}/perfetto/scenes.c)
set_target_properties(perfetto_scenes PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
target_link_libraries(perfetto_scenes PRIVATE vmstall_scenario)

# python3-protobuf is Debian's package, so only Debian's python has it. Another python may come first in PATH.
find_program(DEBIAN_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
add_test(NAME perfetto COMMAND ${DEBIAN_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/perfetto/perfetto.py
	$<TARGET_FILE:vmstall> $<TARGET_FILE:perfetto_scenes> ${interchange_recordings})
set_tests_properties(perfetto PROPERTIES TIMEOUT 300 WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
	ENVIRONMENT "${as_run}")
