# weir_add_job(NAME SOURCE...): a job, compiled once and linked twice: lib<NAME>.so for
# `weir run`, and an executable <NAME>.
function(weir_add_job name)
  add_library(${name}_code OBJECT ${ARGN})
  set_target_properties(${name}_code PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${name}_code PRIVATE weir::weir)
  add_library(${name}_job MODULE $<TARGET_OBJECTS:${name}_code>)
  set_target_properties(${name}_job PROPERTIES PREFIX lib OUTPUT_NAME ${name}
    LINKER_LANGUAGE CXX LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/jobs)
  target_link_libraries(${name}_job PRIVATE weir::weir)
  add_executable(${name} $<TARGET_OBJECTS:${name}_code>)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/jobs)
  target_link_libraries(${name} PRIVATE weir::job_main)
  if(PROJECT_NAME STREQUAL "weir" AND TARGET weir_flags) # our own are held to our warnings
    foreach(target ${name}_code ${name}_job ${name})
      target_link_libraries(${target} PRIVATE weir_flags)
    endforeach()
  endif()
endfunction()
