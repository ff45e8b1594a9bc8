using Newsletter.Acceptance.Tests.Servers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>A real Dovecot with one mailbox that catches all of returns.test.</summary>
internal static class ReturnsServer
{
    public const string User = "bounces@returns.test";
    public const string Password = "secret";

    /// <summary>Starts it; where it is not installed, the test is skipped with the reason.</summary>
    public static async Task<Dovecot> StartAsync(DovecotWishes? wishes = null)
    {
        if (Dovecot.Missing is { } reason)
            Assert.Ignore(reason);
        if (wishes is { NeedsPop3: true } && Dovecot.Pop3Missing is { } lack)
            Assert.Ignore(lack);
        var dovecot = await Dovecot.StartAsync("returns.test", User, wishes: wishes);
        dovecot.AddUser(User, Password);
        return dovecot;
    }

    /// <summary>The mailbox as settings; it is asked by itself but once a day.</summary>
    public static object Imap(int port, string poll = "1.00:00:00", string renew = "00:28:00") =>
        new { Kind = "Imap", Host = "127.0.0.1", Port = port, User, Password, Security = "None", Poll = poll, Renew = renew, Timeout = "00:00:15" };

    /// <summary>Hands it a mail, as a server far away would.</summary>
    public static async Task DeliverAsync(this Dovecot dovecot, string from, string to, string mail)
    {
        using var line = new LmtpClient(dovecot.LmtpPort);
        Assert.That(await line.DeliverAsync(from, to, mail), Is.True);
    }

    /// <summary>How many mails lie in a folder of somebody's Maildir; the empty name is the inbox.</summary>
    public static int Count(this Dovecot dovecot, string user, string folder) => ((string[])["new", "cur"])
        .Select(part => Path.Combine(dovecot.MaildirOf(user), folder, part)).Where(Directory.Exists).Sum(path => Directory.GetFiles(path).Length);
}
