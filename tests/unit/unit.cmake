# SPDX-License-Identifier: LGPL-2.1-or-later
# tests/unit mirrors src: the test of src/passes/leaks/gaps.c is tests/unit/passes/leaks/test_gaps.c. tests/unit/lab has the
# shared code: events made by hand and pushed into the passes, reports made by hand, kernels' formats.
set(lab ${CMAKE_CURRENT_LIST_DIR}/lab)

# add_unit_test(DIRECTORY/NAME [SOURCE...] LIBS TARGET...): the program test_NAME, of unit/DIRECTORY/test_NAME.c
function(add_unit_test path)
	cmake_parse_arguments(PARSE_ARGV 1 unit "" "" "LIBS")
	get_filename_component(name ${path} NAME)
	get_filename_component(directory ${path} DIRECTORY)
	add_vmstall_test(test_${name} unit/${directory}/test_${name}.c ${unit_UNPARSED_ARGUMENTS} LIBS ${unit_LIBS})
	target_include_directories(test_${name} PRIVATE ${lab})
endfunction()

# Also sets the path of the source, for the repository's recordings, and builds the plugins.
function(add_recording_test path)
	add_unit_test(${path} ${ARGN})
	get_filename_component(name ${path} NAME)
	target_compile_definitions(test_${name} PRIVATE VMSTALL_SOURCE="${CMAKE_SOURCE_DIR}")
	set_tests_properties(test_${name} PROPERTIES TIMEOUT 600)
	add_dependencies(test_${name} ${all_plugins})
endfunction()

foreach(path support/builder support/edit support/formats support/story)
	add_unit_test(${path})
endforeach()

foreach(path util/text util/strings util/array util/table util/keyed util/release util/protobuf util/latencies)
	add_unit_test(${path} LIBS vmstall_util)
endforeach()
include(${CMAKE_CURRENT_LIST_DIR}/decode/decode.cmake)
add_unit_test(model/model ${lab}/sample_report.c LIBS vmstall_model)
add_unit_test(model/meminfo LIBS vmstall_model)
add_unit_test(model/rules LIBS vmstall_model)
foreach(path state/tasks state/trackers state/stay state/habits)
	add_unit_test(${path} LIBS vmstall_state)
endforeach()

foreach(path reader/file/container reader/file/cpustat reader/lanes/merge reader/capture reader/symbols)
	add_unit_test(${path} LIBS vmstall_reader)
endforeach()
# Compare the ways to read a recording, and read what is left of a cut one.
foreach(path reader/readers reader/file/salvage reader/file/headless)
	add_recording_test(${path} ${lab}/digest.c ${lab}/salvage_lab.c LIBS vmstall_reader)
endforeach()

add_library(vmstall_lab STATIC ${lab}/lab.c)
target_include_directories(vmstall_lab PUBLIC ${lab})
target_link_libraries(vmstall_lab PUBLIC vmstall_analysis PkgConfig::CMOCKA)
foreach(path passes/common/incidents passes/common/words passes/common/twins passes/lru_lock/holds passes/lru_lock/scan_cost passes/freeze/frozen_cpus
		passes/freeze/chance passes/freeze/pauses passes/leaks/objects passes/leaks/gaps)
	add_unit_test(${path} LIBS vmstall_analysis)
endforeach()
foreach(path passes/lru_lock/lru_lock passes/lru_lock/nodes passes/freeze/learning passes/reclaim/episodes passes/reclaim/reclaim_stalls
		passes/reclaim/reclaim_account passes/activity/activity)
	add_unit_test(${path} LIBS vmstall_lab)
endforeach()
add_unit_test(passes/zones/zone_names ${lab}/kernel.c LIBS vmstall_lab vmstall_decode)
foreach(path passes/gfp/audit passes/gfp/audit_sites passes/zones/low_zones)
	add_unit_test(${path} ${lab}/audit_lab.c ${lab}/kernel.c LIBS vmstall_lab vmstall_decode)
endforeach()
add_library(vmstall_leak_lab STATIC ${lab}/leak_lab.c ${lab}/kernel.c)
target_include_directories(vmstall_leak_lab PUBLIC ${lab})
target_link_libraries(vmstall_leak_lab PUBLIC vmstall_analysis vmstall_decode vmstall_test_support PkgConfig::CMOCKA)
foreach(path passes/leaks/slab passes/leaks/losses passes/leaks/owner passes/leaks/pages)
	add_unit_test(${path} LIBS vmstall_leak_lab)
endforeach()
add_recording_test(analysis/replay_cache ${lab}/digest.c LIBS vmstall_analysis)

foreach(path export/writers export/text/report)
	add_unit_test(${path} ${lab}/written.c ${lab}/sample_report.c LIBS vmstall_export)
endforeach()
target_compile_definitions(test_writers PRIVATE VMSTALL_SCHEMA="${CMAKE_SOURCE_DIR}/docs/vmstall-report.schema.json")
add_unit_test(export/html/html ${lab}/sample_report.c LIBS vmstall_export)

add_unit_test(batch/fleet/poisson LIBS vmstall_batch_fleet m)
add_unit_test(batch/input/shard LIBS vmstall_batch_input)
foreach(path cli/cli cli/cli_files)
	add_unit_test(${path} ${lab}/cli_lab.c ${lab}/sample_report.c LIBS vmstall_cli)
endforeach()
foreach(path cli/options/values cli/run/guard cli/run/output)
	add_unit_test(${path} LIBS vmstall_cli)
endforeach()

# Tests of code with threads. Build with -DVMSTALL_TSAN=ON and run target or label "threads" to find data races.
set_tests_properties(test_readers test_merge PROPERTIES LABELS threads)
