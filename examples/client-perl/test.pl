# test: how far this client is, and that a program does not notice it. perl test.pl BUILD
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

# What HTTP::Tiny itself cannot do.
my %beyond = (
    headers_many       => 'it takes 64 lines of headers at most',
    redirect_307_there => 'it follows a 307 for GET and HEAD alone',
);

my $here  = abs_path( dirname(__FILE__) );
my $build = abs_path( $ARGV[0] );
$ENV{PERL5LIB}         = $here;
$ENV{TASKLESS_LIBRARY} = "$build/lib/libtaskless.so";

sub observed {
    my (@command) = @_;
    local $ENV{PERL5OPT} = '-MTaskless';
    return run(@command);
}

sub run {
    my (@command) = @_;
    open my $out, '-|', @command or die "$command[0]: $!";
    my $text = do { local $/; <$out> };
    close $out;
    return ( $text, $? >> 8 );
}

my ($text) = run( "$build/bin/taskless", 'conformance', '--format', 'json', '--', $^X, '-MTaskless', "$here/calls.pl" );
my $report = decode_json($text);
cmp_ok( scalar @{ $report->{cases} }, '>', 80, 'cases are there' );
my @wrong = sort map { $_->{name} } grep { !$_->{passed} } @{ $report->{cases} };
is_deeply( \@wrong, [ sort keys %beyond ], 'what differs is beyond HTTP::Tiny' ) or diag($text);

# Nobody listens at port 1; the second call is not to be seen; the program fails in its own way.
my $program = <<'PERL';
require HTTP::Tiny;
my $http = HTTP::Tiny->new;
my $response = $http->get('http://127.0.0.1:1/seen');
print "$response->{status} $response->{content}";
$http->get('http://127.0.0.1:1/hidden', { headers => { 'x-tskl-bypass' => '1' } });
eval { $http->request };
print "$INC{'HTTP/Tiny.pm'} $@";
exit 7;
PERL
my $records = tempdir( CLEANUP => 1 ) . '/records.ndjson';
local $ENV{TASKLESS_OUTPUT} = "file:$records";
my @plain = run( $^X, '-e', $program );
my @under = observed( $^X, '-e', $program );
is_deeply( \@under, \@plain, 'a program prints, fails and ends as without' );
is( $plain[1], 7, 'with its own exit code' );
open my $lines, '<', $records or die "$records: $!";
my @seen = map { decode_json($_) } <$lines>;
close $lines;
is( scalar @seen, 1, 'one call is to be seen' );
is( $seen[0]{error}{code}, 'ECONNREFUSED', 'and why it failed' );

{
    local $ENV{TASKLESS_LIBRARY} = '/nowhere/libtaskless.so';
    my @without = observed( $^X, '-e', "open STDERR, '>&', STDOUT; $program" );
    like( $without[0], qr/^taskless: [^\n]*\n\Q$plain[0]\E\z/, 'without a library it says so once' );
    is( $without[1], 7, 'and the program runs as ever' );
}
done_testing();
