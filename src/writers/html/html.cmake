# SPDX-License-Identifier: LGPL-2.1-or-later
# The page of --html: its style and script are files of their own, built into the program by page.cmake.
set(page_scripts base.js words.js lanes.js timeline.js input.js tables.js analyze.js leaks.js gfp.js reclaim.js fleet.js start.js)
set(page_dir ${CMAKE_CURRENT_LIST_DIR})
list(TRANSFORM page_scripts PREPEND ${page_dir}/ OUTPUT_VARIABLE page_files)
add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/page.c
	COMMAND ${CMAKE_COMMAND} -D FROM=${page_dir} "-DSCRIPTS=${page_scripts}" -D TO=${CMAKE_CURRENT_BINARY_DIR}/page.c
		-P ${page_dir}/page.cmake
	DEPENDS ${page_dir}/page.cmake ${page_dir}/page.html ${page_dir}/page.css ${page_files}
	VERBATIM)
target_sources(vmstall_writers PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/page.c
	${page_dir}/html.c ${page_dir}/html_activity.c ${page_dir}/html_choice.c ${page_dir}/html_stalls.c
	${page_dir}/html_tables.c)
