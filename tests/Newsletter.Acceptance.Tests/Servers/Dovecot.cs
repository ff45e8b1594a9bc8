namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A private Dovecot: LMTP in, IMAP out, one Maildir a user. It refuses mail to users it does not know.</summary>
internal sealed class Dovecot : IAsyncDisposable
{
    private readonly string folder;
    private readonly Lock writing = new();
    private ServerProcess? server;

    private Dovecot(string folder) => this.folder = folder;

    public static string? Missing =>
        Machine.Find("dovecot") is null || !File.Exists("/usr/lib/dovecot/imap") || !File.Exists("/usr/lib/dovecot/lmtp")
            ? "Dovecot with IMAP and LMTP is not installed (tests/install)"
            : null;

    /// <summary>Why no mailbox can answer by itself; null where one can.</summary>
    public static string? MissingSieve => File.Exists("/usr/lib/dovecot/modules/lib90_sieve_plugin.so") ? null : "Dovecot's Sieve is not installed (tests/install)";

    public int ImapPort { get; } = Machine.FreePort();

    public int LmtpPort { get; } = Machine.FreePort();

    public IReadOnlyCollection<string> Log => server?.Output ?? [];

    /// <param name="catchAll">A domain whose mail all goes to one user, whatever stands before the @.</param>
    /// <param name="catcher">That user's address.</param>
    /// <param name="submissionPort">Where a mailbox's own answers go.</param>
    public static async Task<Dovecot> StartAsync(string catchAll, string catcher, int submissionPort = 0)
    {
        var folder = Directory.CreateTempSubdirectory("dc-").FullName;
        await Machine.RunAsync("chmod", "0711", folder);
        Directory.CreateDirectory(Path.Combine(folder, "mail"));
        await Machine.RunAsync("chown", "mail:mail", Path.Combine(folder, "mail"));
        var dovecot = new Dovecot(folder);
        await File.WriteAllTextAsync(dovecot.Users, "");
        await File.WriteAllTextAsync(Path.Combine(folder, "domains"), $"{catchAll}:::::::userdb_home={folder}/mail/{catcher}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "dovecot.conf"), dovecot.Configuration(submissionPort));
        dovecot.server = await ServerProcess.StartAsync(folder, "starting up for", "TERM", [Machine.Find("dovecot")!, "-F", "-c", Path.Combine(folder, "dovecot.conf")]);
        return dovecot;
    }

    private string Users => Path.Combine(folder, "users");

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
        protocols = imap lmtp
        listen = 127.0.0.1
        ssl = no
        disable_plaintext_auth = no
        auth_mechanisms = plain login
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

        """;
}
