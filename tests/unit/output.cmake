# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of src/model, src/writers and src/cli, on reports made by hand.
add_vmstall_test(test_model unit/test_model.c unit/sample_report.c LIBS vmstall_model)
foreach(name writers text_report)
	add_vmstall_test(test_${name} unit/test_${name}.c unit/written.c unit/sample_report.c LIBS vmstall_writers)
endforeach()
target_compile_definitions(test_writers PRIVATE VMSTALL_SCHEMA="${CMAKE_SOURCE_DIR}/docs/vmstall-report.schema.json")
foreach(name cli cli_files)
	add_vmstall_test(test_${name} unit/test_${name}.c unit/cli_lab.c unit/sample_report.c LIBS vmstall_cli)
endforeach()
add_vmstall_test(test_values unit/test_values.c LIBS vmstall_cli)
add_vmstall_test(test_protobuf unit/test_protobuf.c LIBS vmstall_util)
add_vmstall_test(test_html unit/test_html.c unit/sample_report.c LIBS vmstall_writers)
