/*
    The harmless file with which the whole way of an alarm is tried (eicar.org): in hex, so that
    this file is not taken for it.
*/

rule eicar_test_file
{
    meta:
        id = "yara:eicar-test-file"
        description = "EICAR anti-virus test file"
        author = "Kentongan"
        version = "1"
        date = "2024-11-01"
        reference = "https://www.eicar.org/download-anti-malware-testfile/"
        severity = "high"
        technique = "T1105"
        class = "attack"
    strings:
        $eicar = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D
                   24 45 49 43 41 52 2D 53 54 41 4E 44 41 52 44 2D 41 4E 54 49 56 49 52 55 53 2D 54
                   45 53 54 2D 46 49 4C 45 21 24 48 2B 48 2A }
    condition:
        $eicar at 0 and filesize <= 128
}
