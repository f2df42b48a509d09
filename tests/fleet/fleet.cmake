# SPDX-License-Identifier: LGPL-2.1-or-later
# Batches of recordings, their database, and failures of both.

file(GLOB sample ${CMAKE_SOURCE_DIR}/samples/*.dat)
foreach(module batch database faults inputs killed kubernetes merge summary)
	add_test(NAME fleet_${module} COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/fleet/${module}.py
		$<TARGET_FILE:vmstall> $<TARGET_FILE:make_recording> ${sample})
	set_tests_properties(fleet_${module} PROPERTIES TIMEOUT 600
		ENVIRONMENT "${as_run}")
endforeach()

add_library(plugin_fault MODULE fleet/plugin_fault.c)
target_link_libraries(plugin_fault PRIVATE vmstall_plugin_front)
set_target_properties(plugin_fault PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/fault)

# On a real cluster of one host. It reads the recordings in the clone, and those beside the clone if there are any.
file(GLOB_RECURSE fleet_recordings ${CMAKE_SOURCE_DIR}/tests/fixtures/recordings/*.dat
	${CMAKE_SOURCE_DIR}/../shared/recordings/*.dat)
add_test(NAME fleet_slurm COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/fleet/slurm.sh $<TARGET_FILE:vmstall> ${sample} ${fleet_recordings})
set_tests_properties(fleet_slurm PROPERTIES TIMEOUT 900 SKIP_RETURN_CODE 77
	ENVIRONMENT "${as_run}")
