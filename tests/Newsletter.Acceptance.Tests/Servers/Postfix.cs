namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A private Postfix: takes mail for its domains, whoever the recipient, and hands it on by LMTP; what is refused there comes back as a DSN.</summary>
/// <remarks>It reaches nothing but this machine: no DNS, and any other domain is refused at RCPT with 550 5.4.4.</remarks>
internal sealed class Postfix : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string folder;
    private ServerProcess? server;

    private Postfix(string folder) => this.folder = folder;

    public static string? Missing =>
        Machine.Find("postfix") is null ? "Postfix is not installed (tests/install)"
        : !Machine.IsRoot ? "Postfix starts as root only"
        : null;

    public int Port { get; } = Machine.FreePort();

    public IReadOnlyCollection<string> Log => server?.Output ?? [];

    public static async Task<Postfix> StartAsync(int lmtpPort, params string[] domains)
    {
        var folder = Directory.CreateTempSubdirectory("pf-").FullName;
        await Machine.RunAsync("chmod", "0711", folder);
        foreach (var name in (string[])["etc", "spool", "data"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        await Machine.RunAsync("chown", "postfix", Path.Combine(folder, "data"));
        var postfix = new Postfix(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "etc", "main.cf"), postfix.Main(lmtpPort, domains));
        await File.WriteAllTextAsync(Path.Combine(folder, "etc", "master.cf"), postfix.Services());
        // "check" makes the queue's folders with the owners they need.
        const string Script = """
            postfix=$0 postconf=$1 etc=$2
            "$postfix" -c "$etc" check && exec "$("$postconf" -c "$etc" -h daemon_directory)/master" -c "$etc" -s
            """;
        postfix.server = await ServerProcess.StartAsync(folder, "daemon started", "TERM",
            ["sh", "-c", Script, Machine.Find("postfix")!, Machine.Find("postconf")!, Path.Combine(folder, "etc")]);
        return postfix;
    }

    /// <summary>Ends when every letter taken so far, and every bounce of one, has been handed on.</summary>
    /// <exception cref="TimeoutException">Something stayed for three minutes; the message has the end of the log.</exception>
    public async Task WaitUntilQueueIsEmptyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        // Twice: a bounce enters the queue before the letter that it is about leaves it, perhaps behind the back of the first look.
        for (var empty = 0; empty < 2;)
        {
            empty = Waiting() == 0 ? empty + 1 : 0;
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"{Waiting()} letters are still in the queue of Postfix\n{string.Join('\n', Log.TakeLast(20))}");
            if (empty < 2)
                await Task.Delay(50, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    // In this order: a letter goes from incoming to active, so it cannot slip past.
    private int Waiting() => ((string[])["incoming", "active", "deferred"]).Sum(queue =>
        Directory.EnumerateFiles(Path.Combine(folder, "spool", queue), "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Count());

    private string Main(int lmtpPort, string[] domains) => $"""
        compatibility_level = 3.6
        queue_directory = {folder}/spool
        data_directory = {folder}/data
        maillog_file = /dev/stdout
        myhostname = mx.test
        mydomain = test
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        mydestination =
        local_recipient_maps =
        alias_maps =
        alias_database =
        virtual_mailbox_domains = {string.Join(' ', domains)}
        virtual_transport = lmtp:inet:127.0.0.1:{lmtpPort}
        default_transport = error:5.4.4 no such host on this loopback
        smtp_dns_support_level = disabled
        smtpd_peername_lookup = no
        smtpd_relay_restrictions = permit_mynetworks, reject
        message_size_limit = 30000000
        in_flow_delay = 0
        queue_run_delay = 2s
        minimal_backoff_time = 2s
        maximal_backoff_time = 10s

        """;

    private string Services() => $"""
        127.0.0.1:{Port} inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        error unix - - n - - error
        retry unix - - n - - error
        lmtp unix - - n - - lmtp
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        postlog unix-dgram n - n - 1 postlogd

        """;
}
