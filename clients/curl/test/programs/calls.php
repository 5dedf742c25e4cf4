<?php
// Calls by curl_exec and by curl_multi.
// SPDX-License-Identifier: Apache-2.0
[, $url] = $argv;

function handle(string $url): CurlHandle
{
    $handle = curl_init($url);
    curl_setopt($handle, CURLOPT_RETURNTRANSFER, true);
    return $handle;
}

echo curl_exec(handle("$url?one")), "\n";

$multi = curl_multi_init();
$handles = [handle("$url?two"), handle("http://127.0.0.1:1/x")];
foreach ($handles as $handle) curl_multi_add_handle($multi, $handle);
do {
    curl_multi_exec($multi, $running);
    curl_multi_select($multi, 0.1);
} while ($running);
while (curl_multi_info_read($multi));
foreach ($handles as $handle) echo curl_multi_getcontent($handle), ' ', curl_error($handle), "\n";
