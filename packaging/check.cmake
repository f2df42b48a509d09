# cpack reads this file before it packs.
if(NOT CPACK_PACKAGING_INSTALL_PREFIX STREQUAL /usr)
	message(FATAL_ERROR "Debian's packages go to /usr, and the program knows where its plugins are: "
		"configure with --preset debian, or -DCMAKE_INSTALL_PREFIX=/usr")
endif()
