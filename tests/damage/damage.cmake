# SPDX-License-Identifier: LGPL-2.1-or-later
# The whole program on input that is damaged, hostile or no recording at all.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

add_executable(make_recording damage/make_recording.c scenario/small.c)
target_include_directories(make_recording PRIVATE scenario)
target_link_libraries(make_recording PRIVATE vmstall_test_support)
set_target_properties(make_recording PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

file(GLOB sample ${CMAKE_SOURCE_DIR}/samples/*.dat)
foreach(case NoRecording Cut Flipped Crash)
	string(TOLOWER damage_${case} name)
	add_test(NAME ${name} COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/damage/damage.py
		$<TARGET_FILE:vmstall> $<TARGET_FILE:make_recording> ${sample} ${case})
	set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endforeach()
