namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A private Postfix, that reaches nothing but this machine.</summary>
internal sealed class Postfix : IMailRelay
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string folder;
    private ServerProcess? server;

    private Postfix(string folder, int port) => (this.folder, Port) = (folder, port);

    public static string? Missing =>
        Machine.Find("postfix") is null ? "Postfix is not installed (tests/install)"
        : !Machine.IsRoot ? "Postfix starts as root only"
        : null;

    public int Port { get; }

    public IReadOnlyCollection<string> Log => server?.Output ?? [];

    /// <summary>Takes mail for its domains, whoever the recipient, and hands it on by LMTP; what is refused there comes back as a DSN. Any other domain is refused at RCPT with 550 5.4.4.</summary>
    public static Task<Postfix> StartAsync(int lmtpPort, params string[] domains) => StartAsync(Machine.FreePort(), [], $"""
        virtual_mailbox_domains = {string.Join(' ', domains)}
        virtual_transport = lmtp:inet:127.0.0.1:{lmtpPort}
        default_transport = error:5.4.4 no such host on this loopback
        smtp_dns_support_level = disabled
        smtpd_relay_restrictions = permit_mynetworks, reject
        message_size_limit = 30000000
        """);

    /// <summary>Takes any letter and hands it on by the routes of the tests.</summary>
    public static async Task<Postfix> StartRelayAsync(MailRoutes routes, int port)
    {
        var maps = MailRoutes.Near.Select(domain => $"{{{domain}=lmtp:inet:127.0.0.1:{routes.LmtpPort}}}").Concat(MailRoutes.Far.Select(domain => $"{{{domain}=smtp:[127.0.0.1]:{routes.FarPort}}}"));
        var names = Directory.CreateTempSubdirectory("pf-names-").FullName;
        await File.WriteAllTextAsync(Path.Combine(names, "resolv.conf"), $"nameserver {routes.NameServer}\n");
        return await StartAsync(port, [$"{names}/resolv.conf:/etc/resolv.conf"], $$"""
            transport_maps = inline:{ {{string.Join(", ", maps)}} }
            default_transport = smtp
            smtpd_relay_restrictions = permit_mynetworks, reject
            message_size_limit = 30000000
            delay_warning_time = 1s
            """);
    }

    /// <summary>Another's server, at which the relays of the tests meet what makes them write bounces: see <see cref="MailRoutes"/>.</summary>
    public static Task<Postfix> StartFarAsync() => StartAsync(Machine.FreePort(), [], $$"""
        virtual_mailbox_domains = {{MailRoutes.Small}}
        virtual_transport = discard
        smtpd_relay_restrictions = reject_unauth_destination
        smtpd_restriction_classes = busy
        busy = sleep 3, check_recipient_access static:{452 4.3.1 insufficient system storage}
        smtpd_sender_restrictions = check_recipient_access inline:{ {{{MailRoutes.Busy}}=busy} }
        message_size_limit = 5000
        """);

    private static async Task<Postfix> StartAsync(int port, IReadOnlyList<string> mounts, string settings)
    {
        var folder = Directory.CreateTempSubdirectory("pf-").FullName;
        await Machine.RunAsync("chmod", "0711", folder);
        foreach (var name in (string[])["etc", "spool", "data"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        await Machine.RunAsync("chown", "postfix", Path.Combine(folder, "data"));
        var postfix = new Postfix(folder, port);
        await File.WriteAllTextAsync(Path.Combine(folder, "etc", "main.cf"), $"{postfix.Common()}{settings}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "etc", "master.cf"), postfix.Services());
        // "check" makes the queue's folders with the owners they need.
        const string Script = """
            postfix=$0 postconf=$1 etc=$2
            "$postfix" -c "$etc" check && exec "$("$postconf" -c "$etc" -h daemon_directory)/master" -c "$etc" -s
            """;
        string[] command = ["sh", "-c", Script, Machine.Find("postfix")!, Machine.Find("postconf")!, Path.Combine(folder, "etc")];
        postfix.server = await ServerProcess.StartAsync(folder, "daemon started", "TERM", mounts.Count == 0 ? command : UnpackedServer.Command(mounts, command));
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

    private string Common() => $"""
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
        smtpd_peername_lookup = no
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
        smtp unix - - n - - smtp
        discard unix - - n - - discard
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        postlog unix-dgram n - n - 1 postlogd

        """;
}
