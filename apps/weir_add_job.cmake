# weir_add_job(NAME SOURCE...): a job, built twice from the same sources: lib<NAME>.so for
# `weir run`, and an executable <NAME> with the same flags.
function(weir_add_job name)
  add_library(${name}_job MODULE ${ARGN})
  set_target_properties(${name}_job PROPERTIES PREFIX lib OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/jobs)
  target_link_libraries(${name}_job PRIVATE weir::weir)
  add_executable(${name} ${ARGN})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/jobs)
  target_link_libraries(${name} PRIVATE weir::job_main)
  if(PROJECT_NAME STREQUAL "weir" AND TARGET weir_flags) # our own are held to our warnings
    target_link_libraries(${name}_job PRIVATE weir_flags)
    target_link_libraries(${name} PRIVATE weir_flags)
  endif()
endfunction()
