using System.Net.Sockets;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Returns;

public sealed class LmtpListenerTests
{
    [Test]
    public async Task A_fault_that_ends_a_line_is_told_and_the_next_line_is_taken()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (listening, faults) = (new TaskCompletionSource(), new SemaphoreSlim(0));
        // No length of time for a timer: it stands for any fault of ours in the middle of a line.
        var listener = new LmtpListener(new() { Kind = MailboxKind.Lmtp, Timeout = TimeSpan.FromSeconds(-5) }, folder.File("lmtp"));

        var running = listener.RunAsync((_, _) => Task.CompletedTask, () => { listening.SetResult(); return Task.CompletedTask; }, _ => faults.Release(), stop.Token);
        await listening.Task;
        for (var line = 0; line < 2; line++)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.File("lmtp")), stop.Token);
            await faults.WaitAsync(stop.Token);
        }

        await stop.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }
}
