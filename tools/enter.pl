# Runs bubblewrap, passes this process's signals on to the command inside it, and leaves
# with its exit code. bubblewrap stays between the two and would keep signals to itself.
# Perl, because every Debian has it (perl-base) and a shell cannot do this without
# making its background job deaf to SIGINT.
use strict;
use warnings;
use Fcntl qw(F_SETFD);
use POSIX ();

my ($program, @arguments) = @ARGV;
pipe(my $from_child, my $to_parent) or die "enter: cannot make a pipe: $!\n";
my @forwarded = qw(HUP INT QUIT TERM USR1 USR2 WINCH CONT);
my ($inner, @early);
my $send = sub { my $signal = shift; defined $inner ? kill($signal, $inner) : push @early, $signal };
$SIG{$_} = $send for @forwarded;

my $bwrap = fork() // die "enter: cannot fork: $!\n";
if ($bwrap == 0) {
  $SIG{$_} = 'DEFAULT' for @forwarded;
  close $from_child;
  fcntl($to_parent, F_SETFD, 0);
  my $separator = 0;
  $separator++ until $arguments[$separator] eq '--';
  # The pid is the machine's own: there is no process namespace. Its shell says it and
  # becomes the command.
  my $descriptor = fileno $to_parent;
  splice @arguments, $separator + 1, 0, '/bin/bash', '-c',
    "echo \$\$ >&$descriptor; exec $descriptor>&-; exec \"\$@\"", 'dev';
  exec $program, @arguments or die "enter: cannot run $program: $!\n";
}
close $to_parent;
my $line = '';
1 while !defined(my $got = sysread($from_child, $line, 32, length $line)) && $!{EINTR};
$inner = $1 if $line =~ /^(\d+)/;
close $from_child;
# A terminal's signals reach the whole group by themselves: only those that were sent to
# this process alone are to be passed on, and a second copy is harmless to a stopped command.
if (defined $inner) { kill($_, $inner) for @early }
1 while waitpid($bwrap, 0) != $bwrap && $!{EINTR};
my $status = $?;
POSIX::_exit($status >> 8) unless $status & 127;
$SIG{$_} = 'DEFAULT' for @forwarded;
kill $status & 127, $$;
POSIX::_exit(128 + ($status & 127));
