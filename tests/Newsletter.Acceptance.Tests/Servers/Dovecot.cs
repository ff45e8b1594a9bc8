namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>What a test wants of its Dovecot beyond the usual.</summary>
internal sealed record DovecotWishes
{
    /// <summary>What the IMAP server says it can; empty: all that it can.</summary>
    public string ImapCapability { get; init; } = "";

    /// <summary>A port at which something was before; 0: any.</summary>
    public int ImapPort { get; init; }

    public bool NeedsPop3 { get; init; }

    /// <summary>Where tokens are looked at (RFC 7662); empty: there are passwords alone.</summary>
    public string Introspection { get; init; } = "";

    /// <summary>By which mechanisms tokens are taken.</summary>
    public string Mechanisms { get; init; } = "";
}

/// <summary>A private Dovecot: LMTP in, IMAP and (where it is installed) POP3 out, one Maildir a user. It refuses mail to users it does not know.</summary>
internal sealed class Dovecot : IAsyncDisposable
{
    private readonly string folder;
    private readonly DovecotWishes wishes;
    private readonly Lock writing = new();
    private ServerProcess? server;

    private Dovecot(string folder, DovecotWishes wishes) => (this.folder, this.wishes, ImapPort) = (folder, wishes, wishes.ImapPort > 0 ? wishes.ImapPort : Machine.FreePort());

    public static string? Missing =>
        Machine.Find("dovecot") is null || !File.Exists("/usr/lib/dovecot/imap") || !File.Exists("/usr/lib/dovecot/lmtp")
            ? "Dovecot with IMAP and LMTP is not installed (tests/install)"
            : null;

    /// <summary>Why no mailbox can answer by itself; null where one can.</summary>
    public static string? MissingSieve => File.Exists("/usr/lib/dovecot/modules/lib90_sieve_plugin.so") ? null : "Dovecot's Sieve is not installed (tests/install)";

    public static string? Pop3Missing => File.Exists("/usr/lib/dovecot/pop3") ? null : "Dovecot's POP3 is not installed (tests/install)";

    public int ImapPort { get; }

    public int Pop3Port { get; } = Machine.FreePort();

    public int LmtpPort { get; } = Machine.FreePort();

    public IReadOnlyCollection<string> Log => server?.Output ?? [];

    /// <param name="catchAll">A domain whose mail all goes to one user, whatever stands before the @.</param>
    /// <param name="catcher">That user's address.</param>
    /// <param name="submissionPort">Where a mailbox's own answers go.</param>
    /// <param name="wishes">What else; null: nothing.</param>
    public static async Task<Dovecot> StartAsync(string catchAll, string catcher, int submissionPort = 0, DovecotWishes? wishes = null)
    {
        var folder = Directory.CreateTempSubdirectory("dc-").FullName;
        await Machine.RunAsync("chmod", "0711", folder);
        Directory.CreateDirectory(Path.Combine(folder, "mail"));
        await Machine.RunAsync("chown", "mail:mail", Path.Combine(folder, "mail"));
        var dovecot = new Dovecot(folder, wishes ?? new());
        await File.WriteAllTextAsync(dovecot.Users, "");
        await File.WriteAllTextAsync(Path.Combine(folder, "domains"), $"{catchAll}:::::::userdb_home={folder}/mail/{catcher}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "dovecot.conf"), dovecot.Configuration(submissionPort));
        await File.WriteAllTextAsync(dovecot.Tokens, dovecot.TokenConfiguration());
        dovecot.server = await ServerProcess.StartAsync(folder, "starting up for", "TERM", [Machine.Find("dovecot")!, "-F", "-c", Path.Combine(folder, "dovecot.conf")]);
        return dovecot;
    }

    private string Users => Path.Combine(folder, "users");

    private string Tokens => Path.Combine(folder, "oauth2.conf");

    /// <summary>Dovecot looks at the file again when its time or size has changed.</summary>
    /// <param name="address">Who.</param>
    /// <param name="password">For IMAP.</param>
    /// <param name="isFull">Whether the mailbox has no room for any mail.</param>
    public void AddUser(string address, string password, bool isFull = false)
    {
        lock (writing)
            File.AppendAllText(Users, $"{address}:{{PLAIN}}{password}::::::{(isFull ? "userdb_quota_rule=*:bytes=1" : "")}\n");
    }

    /// <summary>Gives a mailbox a Sieve script (RFC 5228), which every mail to it runs through.</summary>
    public async Task AddSieveAsync(string address, string script)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, "mail", address.ToLowerInvariant())).FullName;
        await File.WriteAllTextAsync(Path.Combine(home, ".dovecot.sieve"), script);
        await Machine.RunAsync("chown", "-R", "mail:mail", home);
    }

    /// <summary>The user's Maildir; not there before the first mail or login.</summary>
    public string MaildirOf(string address) => Path.Combine(folder, "mail", address.ToLowerInvariant(), "Maildir");

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    // lmtp_hdr_delivery_address = final: the envelope's recipient, which names the delivery, stands in Delivered-To ("original" writes it only
    // where the sender gave an ORCPT, which Postfix does not over LMTP).
    private string Configuration(int submissionPort) => $$"""
        base_dir = {{folder}}/run
        state_dir = {{folder}}/run
        log_path = /dev/stderr
        protocols = imap lmtp{{(Pop3Missing is null ? " pop3" : "")}}
        listen = 127.0.0.1
        ssl = no
        disable_plaintext_auth = no
        auth_mechanisms = {{(wishes.Introspection.Length > 0 ? wishes.Mechanisms : "plain login")}}
        first_valid_uid = 1
        first_valid_gid = 1
        mail_uid = mail
        mail_gid = mail
        mail_home = {{folder}}/mail/%Lu
        mail_location = maildir:~/Maildir
        mail_fsync = never
        lmtp_hdr_delivery_address = final
        postmaster_address = postmaster@mx.test
        submission_host = 127.0.0.1:{{submissionPort}}
        mail_plugins = quota
        protocol lmtp {
          mail_plugins = quota{{(MissingSieve is null ? " sieve" : "")}}
        }
        plugin {
          quota = maildir:User quota
          quota_rule = *:storage=0
          sieve = file:~/sieve;active=~/.dovecot.sieve
        }
        {{TokenDatabase()}}
        {{(wishes.ImapCapability.Length > 0 ? $"imap_capability = {wishes.ImapCapability}" : "")}}
        passdb {
          driver = passwd-file
          args = scheme=PLAIN username_format=%Lu {{Users}}
        }
        userdb {
          driver = passwd-file
          args = username_format=%Lu {{Users}}
        }
        userdb {
          driver = passwd-file
          args = username_format=%Ld {{folder}}/domains
        }
        service imap-login {
          inet_listener imap {
            port = {{ImapPort}}
          }
          inet_listener imaps {
            port = 0
          }
        }
        service lmtp {
          inet_listener lmtp {
            port = {{LmtpPort}}
          }
        }
        {{(Pop3Missing is null ? Pop3() : "")}}

        """;

    private string Pop3() => $$"""
        service pop3-login {
          inet_listener pop3 {
            port = {{Pop3Port}}
          }
          inet_listener pop3s {
            port = 0
          }
        }
        """;

    private string TokenDatabase() => wishes.Introspection.Length == 0 ? "" : $$"""
        passdb {
          driver = oauth2
          mechanisms = {{wishes.Mechanisms}}
          args = {{Tokens}}
        }
        """;

    private string TokenConfiguration() => $"""
        introspection_url = {wishes.Introspection}
        introspection_mode = post
        username_attribute = username
        active_attribute = active
        active_value = true

        """;
}
