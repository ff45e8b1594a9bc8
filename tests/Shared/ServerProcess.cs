using System.Collections.Concurrent;
using System.Diagnostics;

namespace Newsletter.Testing;

/// <summary>A real server (PostgreSQL, Postfix, Dovecot) in the foreground, with a folder of its own that goes when it ends.</summary>
/// <remarks>
/// A guard, a shell in a session of its own, stands between the test program and the server and reads from a pipe that the test program holds
/// open. The pipe closes when the server is disposed of and also when the test program dies of whatever cause, kill -9 included; then the
/// guard ends the server and removes the folder.
/// </remarks>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Guard = """
        folder=$1 signal=$2; shift 2
        exec 3<&0 0</dev/null
        "$@" 3<&- &
        server=$!
        { read -r _ <&3; kill -s "$signal" $server 2>/dev/null; } &
        watch=$!
        exec 3<&-
        wait $server
        code=$?
        kill $watch 2>/dev/null
        # A child that is just ending may still write.
        for try in 1 2 3 4 5; do rm -rf "$folder" 2>/dev/null && break; sleep 0.2; done
        exit $code
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process guard;
    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process guard) => this.guard = guard;

    /// <summary>Starts the server and waits until a line of its output contains <paramref name="readyLine"/>.</summary>
    /// <param name="folder">Removed when the server has ended.</param>
    /// <param name="readyLine">What the server says when its sockets are open.</param>
    /// <param name="stopSignal">The signal, such as TERM, by which it ends itself and its children.</param>
    /// <param name="command">The program and its arguments; it stays in the foreground.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not ready within a minute; the message has its last words.</exception>
    public static async Task<ServerProcess> StartAsync(string folder, string readyLine, string stopSignal, IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Guard, "guard", folder, stopSignal, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        await server.WaitUntilReadyAsync(readyLine);
        return server;
    }

    /// <summary>What the server has written so far, both streams.</summary>
    public IReadOnlyCollection<string> Output => output;

    public async ValueTask DisposeAsync()
    {
        guard.StandardInput.Close();
        try
        {
            await guard.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            guard.Kill(entireProcessTree: true);
        }
        guard.Dispose();
    }

    private async Task WaitUntilReadyAsync(string readyLine)
    {
        guard.OutputDataReceived += (_, e) => Take(e.Data, readyLine);
        guard.ErrorDataReceived += (_, e) => Take(e.Data, readyLine);
        guard.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("it ended"));
        guard.Start();
        guard.BeginOutputReadLine();
        guard.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(Patience);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            await DisposeAsync();
            var command = string.Join(' ', guard.StartInfo.ArgumentList.Skip(6));
            throw new InvalidOperationException($"{command}: not ready: {e.Message}\n{string.Join('\n', output.TakeLast(20))}", e);
        }
    }

    private void Take(string? line, string readyLine)
    {
        if (line is null)
            return;
        output.Enqueue(line);
        if (line.Contains(readyLine, StringComparison.Ordinal))
            ready.TrySetResult();
    }
}
