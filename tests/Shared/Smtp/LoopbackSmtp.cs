using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Newsletter.Testing;

/// <summary>When the conversation is encrypted.</summary>
public enum LoopbackTls
{
    Never,
    /// <summary>STARTTLS is offered, not demanded.</summary>
    Offered,
    /// <summary>From the first octet on, as on port 465.</summary>
    FromTheStart,
}

/// <summary>An SMTP server of the tests: real sockets on 127.0.0.1, any number of connections, strict about what RFC 5321 demands of a client.</summary>
/// <remarks>
/// It keeps who wrote to whom, the Message-ID and the size of every letter it accepted. It refuses bare line feeds, lines over 998 octets and 8-bit
/// letters that were not announced, since a careful server does; so a letter that arrives here was well-formed on the wire.
/// </remarks>
internal sealed class LoopbackSmtp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<int, Task> open = new();
    private readonly ConcurrentDictionary<int, TcpClient> lines = new();
    private readonly ConcurrentQueue<ReceivedLetter> letters = new();
    private readonly ConcurrentQueue<string> commands = new();
    private readonly Lock waiting = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> waiters = [];
    private readonly Lazy<X509Certificate2> certificate = new(MakeCertificate);
    private TcpListener listener;
    private Task accepting;
    private int connections;
    private int mostAtOnce;

    public LoopbackSmtp()
    {
        (listener, accepting) = Listen(0);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>Asked at every moment; null lets the server answer as it would. May be changed while letters come in.</summary>
    public Func<LoopbackMoment, LoopbackAnswer?> Script { get; set; } = static _ => null;

    /// <summary>Keeps the letters themselves; else only what is known about them, so that many thousands are light.</summary>
    public bool KeepsBytes { get; init; }

    public LoopbackTls Tls { get; init; }

    /// <summary>Offers PIPELINING (RFC 2920); a client may also send one command at a time.</summary>
    public bool Pipelines { get; init; } = true;

    /// <summary>Offers CHUNKING (RFC 3030).</summary>
    public bool TakesChunks { get; init; }

    /// <summary>Each octet of a reply in a packet of its own.</summary>
    public bool SpeaksOctetByOctet { get; init; }

    /// <summary>Makes many lines of the text of a reply; else it is one.</summary>
    public Func<string, string> Phrasing { get; init; } = static line => line;

    /// <summary>The user and password that AUTH accepts and that MAIL then needs; null: anyone may send.</summary>
    public (string User, string Password)? Credentials { get; init; }

    /// <summary>The most octets of a letter, announced with SIZE. May be changed while letters come in.</summary>
    public long MaxSize { get; set; } = 50_000_000;

    /// <summary>Announces SIZE without a number, and so refuses what is too big only once it is here (RFC 1870 §4).</summary>
    public bool HidesMaxSize { get; init; }

    /// <summary>Self-signed for localhost and 127.0.0.1: a client must be told to trust it.</summary>
    public X509Certificate2 Certificate => certificate.Value;

    /// <summary>Every letter accepted until now, in the order of acceptance.</summary>
    public IReadOnlyList<ReceivedLetter> Letters => [.. letters];

    /// <summary>Every command line until now, as <c>1: MAIL FROM:…</c> with the number of its connection; credentials are left out.</summary>
    public IReadOnlyList<string> Commands => [.. commands];

    /// <summary>How many connections there have been.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>The most connections that were open at the same time.</summary>
    public int MostAtOnce => Volatile.Read(ref mostAtOnce);

    internal int Kept => letters.Count;

    /// <summary>Ends when the server has accepted this many letters in all.</summary>
    /// <exception cref="TimeoutException">They did not come within two minutes.</exception>
    public Task WaitForLettersAsync(int count)
    {
        lock (waiting)
        {
            if (letters.Count >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((count, reached));
            return reached.Task.WaitAsync(Patience);
        }
    }

    /// <summary>Dies: nobody listens any more, and every line that is open is cut.</summary>
    public async Task DieAsync()
    {
        listener.Stop();
        await accepting;
        foreach (var client in lines.Values)
            client.Client.Close(0);
    }

    /// <summary>Listens again, at the same port.</summary>
    public void Return() => (listener, accepting) = Listen(Port);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(open.Values);
        stopping.Dispose();
        if (certificate.IsValueCreated)
            certificate.Value.Dispose();
    }

    internal void Keep(ReceivedLetter letter)
    {
        letters.Enqueue(letter);
        lock (waiting)
        {
            foreach (var (_, reached) in waiters.Where(waiter => letters.Count >= waiter.Count))
                reached.TrySetResult();
            waiters.RemoveAll(waiter => waiter.Reached.Task.IsCompleted);
        }
    }

    internal void Note(int connection, string command) => commands.Enqueue($"{connection}: {command}");

    private (TcpListener, Task) Listen(int port)
    {
        var ear = new TcpListener(IPAddress.Loopback, port);
        ear.Start();
        return (ear, AcceptAsync(ear));
    }

    private async Task AcceptAsync(TcpListener ear)
    {
        try
        {
            while (true)
            {
                var client = await ear.AcceptTcpClientAsync(stopping.Token);
                var number = Interlocked.Increment(ref connections);
                // Entered before it starts: it takes itself out at its end, which may come at once.
                var start = new TaskCompletionSource();
                lines[number] = client;
                open[number] = TalkAsync(client, number, start.Task);
                mostAtOnce = Math.Max(mostAtOnce, open.Count);
                start.SetResult();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task TalkAsync(TcpClient client, int number, Task start)
    {
        await start.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            client.NoDelay = true;
            await using var conversation = new SmtpConversation(this, number, client.GetStream()) { Cut = () => client.Client.Close(0) };
            await conversation.RunAsync(stopping.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, was killed, or the test is over.
        }
        finally
        {
            client.Dispose();
            lines.TryRemove(number, out _);
            open.TryRemove(number, out _);
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // A key made in memory serves TLS on every platform only after a trip through PKCS #12.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
