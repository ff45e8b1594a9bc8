using System.Net.Sockets;
using System.Text;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>A mail server's side of an LMTP line, as plain as can be.</summary>
internal sealed class LmtpClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TcpClient? client;
    private readonly Stream line;
    private readonly StreamReader replies;

    public LmtpClient(int port)
    {
        client = new TcpClient("127.0.0.1", port) { NoDelay = true };
        line = client.GetStream();
        replies = new(line, Encoding.ASCII);
    }

    public LmtpClient(string socketPath)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        line = new NetworkStream(socket, ownsSocket: true);
        replies = new(line, Encoding.ASCII);
    }

    /// <summary>Hands one mail over, told of each stage before it; whether it was taken.</summary>
    /// <exception cref="IOException">The line broke.</exception>
    public async Task<bool> DeliverAsync(string from, string to, string mail, Func<Task>? stage = null)
    {
        string?[] commands = [null, "LHLO mx.test", $"MAIL FROM:<{from}>", $"RCPT TO:<{to}>", "DATA", $"{mail.ReplaceLineEndings("\r\n").TrimEnd('\r', '\n')}\r\n."];
        var last = "";
        foreach (var command in commands)
        {
            await (stage?.Invoke() ?? Task.CompletedTask);
            last = await SayAsync(command);
            if (last[0] is '4' or '5')
                return false;
        }
        await (stage?.Invoke() ?? Task.CompletedTask);
        return last[0] == '2';
    }

    /// <summary>Says a line and returns the last line of the reply; null: only listens.</summary>
    public async Task<string> SayAsync(string? command)
    {
        if (command is not null)
            await line.WriteAsync(Encoding.UTF8.GetBytes($"{command}\r\n"));
        while (true)
        {
            var reply = await replies.ReadLineAsync().WaitAsync(Patience) ?? throw new IOException("the line broke");
            if (reply.Length < 4 || reply[3] != '-')
                return reply;
        }
    }

    public void Dispose()
    {
        replies.Dispose();
        line.Dispose();
        client?.Dispose();
    }
}
