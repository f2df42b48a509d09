# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of src/decode and plugins. They load the real plugins, from the build directory.
foreach(path decode/decode decode/bind decode/gfp decode/plugins)
	add_unit_test(${path} ${lab}/kernel.c LIBS vmstall_decode)
endforeach()
add_dependencies(test_decode ${all_plugins})

# Plugins of another vendor: a good one, and one for each defect.
function(add_vendor_plugin dir name)
	add_library(vendor_${name} MODULE ${CMAKE_SOURCE_DIR}/tests/unit/decode/vendor_plugin.c)
	target_compile_definitions(vendor_${name} PRIVATE ${ARGN})
	target_link_libraries(vendor_${name} PRIVATE vmstall_plugin_front)
	set_target_properties(vendor_${name} PROPERTIES PREFIX "" OUTPUT_NAME plugin_${name}
		LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/${dir})
	add_dependencies(test_plugins vendor_${name})
endfunction()

target_compile_definitions(test_plugins PRIVATE VMSTALL_SAMPLES="${CMAKE_SOURCE_DIR}/samples")
add_dependencies(test_plugins ${all_plugins})
add_vendor_plugin(vendor vendor)
add_vendor_plugin(vendor_broken abi VENDOR_ABI=99)
add_vendor_plugin(vendor_broken layout VENDOR_OFFSET=sizeof\(struct\ event\)-2)
add_vendor_plugin(vendor_broken no_table VENDOR_NO_TABLE)
file(WRITE ${CMAKE_BINARY_DIR}/tests/vendor_broken/plugin_text.so "not a plugin\n")

# trace-cmd is built without the sanitizer that our plugins need, so it is preloaded.
# All plugins export the same name by design.
if(VMSTALL_SANITIZE)
	execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libasan.so
		OUTPUT_VARIABLE libasan OUTPUT_STRIP_TRAILING_WHITESPACE)
	set_property(TEST test_plugins APPEND PROPERTY ENVIRONMENT
		"VMSTALL_PRELOAD=${libasan}" "ASAN_OPTIONS=detect_odr_violation=0")
endif()
