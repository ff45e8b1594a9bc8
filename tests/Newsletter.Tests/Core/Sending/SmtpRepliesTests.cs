using CsCheck;
using Newsletter.Sending;
using static Newsletter.Sending.SmtpStage;

namespace Newsletter.Tests.Core.Sending;

public sealed class SmtpRepliesTests
{
    /// <summary>The table of docs: what each reply means at each stage.</summary>
    [TestCase(AfterDot, 250, "2.0.0 Ok: queued as 4Zx", "accepted")]
    [TestCase(Connect, 554, "5.7.1 no SMTP service here for you", "refused 5.7.1 Relay")]
    [TestCase(Connect, 421, "4.7.0 too many connections", "deferred 4.7.0 Relay")]
    [TestCase(Connect, 450, "try later", "deferred - Relay")]
    [TestCase(Hello, 501, "bad name", "refused - Relay")]
    [TestCase(SignIn, 535, "5.7.8 authentication failed", "refused 5.7.8 Relay")]
    [TestCase(SignIn, 454, "4.7.0 temporary authentication failure", "deferred 4.7.0 Relay")]
    [TestCase(Sender, 550, "5.1.8 sender domain does not exist", "refused 5.1.8 Relay")]
    [TestCase(Sender, 530, "5.7.0 authentication required", "refused 5.7.0 Relay")]
    [TestCase(Sender, 552, "5.3.4 message too big", "refused 5.3.4 Relay")]
    [TestCase(Sender, 451, "4.3.0 queue trouble", "deferred 4.3.0 Relay")]
    [TestCase(Recipient, 550, "5.1.1 no such user", "rejected 5.1.1")]
    [TestCase(Recipient, 550, "5.1.0 injected at rcpt", "rejected 5.1.0")]
    [TestCase(Recipient, 550, "no such user here", "rejected -")]
    [TestCase(Recipient, 550, "5.5.0 Requested action not taken: mailbox unavailable", "rejected 5.5.0")]
    [TestCase(Recipient, 550, "5.4.1 Recipient address rejected: Access denied", "rejected 5.4.1")]
    [TestCase(Recipient, 552, "5.2.2 mailbox full", "rejected 5.2.2")]
    [TestCase(Recipient, 553, "5.6.7 no internationalised addresses", "rejected 5.6.7")]
    [TestCase(Recipient, 501, "5.1.3 bad address syntax", "rejected 5.1.3")]
    [TestCase(Recipient, 556, "5.1.10 null MX", "rejected 5.1.10")]
    [TestCase(Recipient, 554, "no mailbox by that name", "rejected -")]
    [TestCase(Recipient, 550, "5.7.1 rejected by policy", "refused 5.7.1 Recipient")]
    [TestCase(Recipient, 571, "no", "refused - Recipient")]
    [TestCase(Recipient, 554, "5.7.1 <a@example.org>: Relay access denied", "refused 5.7.1 Relay")]
    [TestCase(Recipient, 550, "relaying denied", "refused - Relay")]
    [TestCase(Recipient, 550, "5.7.515 sender rules not met", "refused 5.7.515 Relay")]
    [TestCase(Recipient, 550, "5.7.26 unauthenticated", "refused 5.7.26 Relay")]
    [TestCase(Recipient, 550, "5.1.7 bad sender's mailbox address syntax", "refused 5.1.7 Relay")]
    [TestCase(Recipient, 503, "5.5.1 need MAIL first", "refused 5.5.1 Relay")]
    [TestCase(Recipient, 552, "5.3.4 message too big", "refused 5.3.4 Recipient")]
    [TestCase(Recipient, 552, "5.5.3 too many recipients", "deferred 5.5.3 Recipient")]
    [TestCase(Recipient, 450, "4.7.1 greylisted", "deferred 4.7.1 Recipient")]
    [TestCase(Recipient, 452, "4.3.1 disk full", "deferred 4.3.1 Relay")]
    [TestCase(Recipient, 421, "4.7.0 closing", "deferred 4.7.0 Relay")]
    [TestCase(Data, 554, "5.5.1 no valid recipients", "refused 5.5.1 Recipient")]
    [TestCase(Data, 451, "try again", "deferred - Recipient")]
    [TestCase(AfterDot, 554, "5.7.1 looks like spam", "refused 5.7.1 Recipient")]
    [TestCase(AfterDot, 550, "5.1.1 injected at eod", "refused 5.1.1 Recipient")]
    [TestCase(AfterDot, 550, "5.7.25 no PTR record", "refused 5.7.25 Relay")]
    [TestCase(AfterDot, 421, "4.3.2 shutting down", "deferred 4.3.2 Relay")]
    [TestCase(AfterDot, 452, "4.3.1 insufficient storage", "deferred 4.3.1 Relay")]
    [TestCase(AfterDot, 354, "go on", "in doubt")] // no refusal: it may have the letter
    [TestCase(AfterDot, 552, "5.3.4 message too big", "refused 5.3.4 Relay")]
    [TestCase(AfterDot, 552, "Message size exceeds maximum permitted", "refused - Relay")]
    [TestCase(AfterDot, 552, "5.2.3 message too large for this mailbox", "refused 5.2.3 Recipient")]
    [TestCase(AfterDot, 552, "5.2.2 mailbox size exceeded", "refused 5.2.2 Recipient")]
    [TestCase(AfterDot, 554, "looks like spam", "refused - Recipient")]
    [TestCase(Data, 250, "2.0.0 kept", "deferred - Relay")]
    [TestCase(Sender, 354, "go on", "deferred - Relay")]
    public void A_reply_means_what_its_stage_and_status_say(SmtpStage stage, int code, string words, string means) =>
        Assert.That(InWords(SmtpReplies.Read(stage, code, words)), Is.EqualTo(means));

    [Test]
    public void A_lost_line_is_in_doubt_only_after_the_final_dot()
    {
        var stages = Enum.GetValues<SmtpStage>();

        var inDoubt = stages.Where(stage => SmtpReplies.Lost(stage, "gone") is SmtpOutcome.InDoubt);

        Assert.That(inDoubt, Is.EqualTo(new[] { AfterDot }));
        Assert.That(SmtpReplies.Lost(Data, "gone"), Is.EqualTo(new SmtpOutcome.Deferred(null, null, "gone", SmtpScope.Relay)));
    }

    [Test]
    public void The_relays_words_are_kept_on_one_line() =>
        Assert.That(SmtpReplies.Read(Recipient, 550, "5.1.1 no such user\r\n5.1.1 see https://example.org\0/\t why").Words,
            Is.EqualTo("5.1.1 no such user 5.1.1 see https://example.org / why"));

    [Test]
    public void Words_from_outside_steer_no_terminal_and_fill_no_database()
    {
        var words = SmtpReplies.Read(Recipient, 450, $"\e[2J\0\u202e{new string('x', 60_000)}").Words;
        var lost = SmtpReplies.Lost(Sender, "the relay said what is no reply: \e]0;owned\a\0").Words;

        Assert.That(words, Has.Length.EqualTo(1001).And.StartsWith("[2J xxx").And.EndsWith("…"));
        Assert.That(lost, Is.EqualTo("the relay said what is no reply: ]0;owned"));
    }

    [TestCase("5.1.1 no such user", "5.1.1")]
    [TestCase("  5.7.515 Access denied", "5.7.515")]
    [TestCase("5.1.1", "5.1.1")]
    [TestCase("5.1.1.1 is a host", null)]
    [TestCase("user 5.1.1", null)]
    [TestCase("3.1.1 no class", null)]
    [TestCase("", null)]
    public void The_enhanced_status_stands_first(string words, string? status) => Assert.That(SmtpReplies.StatusOf(words), Is.EqualTo(status));

    [Test]
    public void No_refusal_outside_of_RCPT_is_ever_about_a_reader() =>
        Gen.Select(Gen.Enum<SmtpStage>(), Gen.Int[-1, 700], Gen.String).Sample((stage, code, words) =>
            stage is Recipient || SmtpReplies.Read(stage, code, words) is not SmtpOutcome.Rejected);

    private static string InWords(SmtpOutcome outcome) => outcome switch
    {
        SmtpOutcome.Accepted => "accepted",
        SmtpOutcome.Deferred deferred => $"deferred {deferred.Status ?? "-"} {deferred.Scope}",
        SmtpOutcome.Rejected rejected => $"rejected {rejected.Status ?? "-"}",
        SmtpOutcome.Refused refused => $"refused {refused.Status ?? "-"} {refused.Scope}",
        _ => "in doubt",
    };
}
