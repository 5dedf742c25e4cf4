# A second table, as the modules of Extism's kit have one. C has no word for it.
    .tabletype references, funcref, 4
references:

    .globl count_of_references
    .type count_of_references,@function
count_of_references:
    .functype count_of_references () -> (i32)
    table.size references
    end_function
    .export_name count_of_references, references
