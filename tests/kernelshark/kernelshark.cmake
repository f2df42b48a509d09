# SPDX-License-Identifier: LGPL-2.1-or-later
# KernelShark's own library opens sessions of --kernelshark, and loads our plugins.
pkg_check_modules(KSHARK REQUIRED IMPORTED_TARGET libkshark)
foreach(name session_rows show_info)
	add_executable(${name} ${CMAKE_CURRENT_SOURCE_DIR}/kernelshark/${name}.c)
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
	target_compile_options(${name} PRIVATE -Wall -Wextra)	# no sanitizer: the library leaks
	target_link_libraries(${name} PRIVATE PkgConfig::KSHARK PkgConfig::TRACECMD)
endforeach()

add_test(NAME kernelshark COMMAND ${DEBIAN_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/kernelshark/kernelshark.py
	$<TARGET_FILE:vmstall> $<TARGET_FILE:session_rows> $<TARGET_FILE:perfetto_scenes> ${interchange_recordings})
set_tests_properties(kernelshark PROPERTIES TIMEOUT 300 WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
	ENVIRONMENT "${as_run}")

add_test(NAME install COMMAND ${DEBIAN_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/install/install.py ${CMAKE_BINARY_DIR}
	${CMAKE_SOURCE_DIR}/samples/sample-arm64-5.10-dmazone-stall.dat $<TARGET_FILE:show_info>)
set_tests_properties(install PROPERTIES TIMEOUT 300 ENVIRONMENT "VMSTALL_PRELOAD=${libasan}")
