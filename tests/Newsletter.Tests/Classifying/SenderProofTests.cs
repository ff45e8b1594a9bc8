using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>Authentication-Results (RFC 8601): what our own hosts say of a sender, and nobody else's word.</summary>
public sealed class SenderProofTests
{
    private static readonly string[] Trusted = ["mx.example.org"];
    private const string Ours = "Received: from out.harbour.example (out.harbour.example [192.0.2.7])\n\tby mx.example.org (Postfix) with ESMTPS id 4AB; Mon, 30 Nov 2026 10:00:00 +0000\n";
    private const string Theirs = "Received: from laptop by out.harbour.example with ESMTPSA id 7; Mon, 30 Nov 2026 09:59:58 +0000\n";

    [TestCase("dmarc=pass (p=reject dis=none) header.from=harbour.example", "proven by DMARC of harbour.example")]
    [TestCase("dkim=pass (2048-bit key; unprotected) header.d=harbour.example header.i=@harbour.example header.b=\"aBc=/d;e\"", "proven by DKIM of harbour.example")]
    [TestCase("dkim = pass header.i = ida@mail.harbour.example", "proven by DKIM of mail.harbour.example")]
    [TestCase("dkim/1=pass reason=\"good; signature\" header.d=HARBOUR.example", "proven by DKIM of HARBOUR.example")]
    [TestCase("spf=pass smtp.mailfrom=ida@harbour.example", "proven by SPF of harbour.example")]
    [TestCase("dkim=fail header.d=harbour.example; dkim=pass header.d=harbour.example", "proven by DKIM of harbour.example")]
    [TestCase("dkim=pass header.d=esp.example; spf=pass smtp.mailfrom=bounce@esp.example; dmarc=fail (p=none) header.from=harbour.example", "fails DMARC of harbour.example")]
    [TestCase("dkim=pass header.d=esp.example; spf=pass smtp.mailfrom=bounce@esp.example", "sender not proven")]
    [TestCase("dkim=pass header.d=example", "sender not proven")]
    [TestCase("dkim=pass header.d=notharbour.example", "sender not proven")]
    [TestCase("dmarc=pass header.from=other.example", "sender not proven")]
    [TestCase("spf=pass smtp.helo=out.harbour.example", "sender not proven")]
    [TestCase("dkim=none; spf=softfail smtp.mailfrom=ida@harbour.example", "sender not proven")]
    [TestCase("none", "sender not proven")]
    [TestCase("(dkim=pass header.d=harbour.example) spf=none", "sender not proven")]
    public void A_trusted_hosts_results_are_read(string results, string words) =>
        Assert.That(WordsOf($"{Ours}Authentication-Results: mx.example.org (a filter) 1; {results}\n{Theirs}"), Is.EqualTo(words));

    [Test]
    public void Results_above_the_hosts_own_received_count_as_well() =>
        Assert.That(WordsOf($"Received: by store with LMTP id 1\nAuthentication-Results: mx.example.org; dmarc=pass header.from=harbour.example\n{Ours}{Theirs}"), Is.EqualTo("proven by DMARC of harbour.example"));

    [Test]
    public void Two_filters_of_one_host_are_read_together() =>
        Assert.That(WordsOf($"{Ours}Authentication-Results: mx.example.org; dmarc=fail header.from=harbour.example\nAuthentication-Results: mx.example.org; dkim=pass header.d=harbour.example\n{Theirs}"), Is.EqualTo("fails DMARC of harbour.example"));

    private const string Forged = "Authentication-Results: mx.example.org; dkim=pass header.d=harbour.example; dmarc=pass header.from=harbour.example; spf=pass smtp.mailfrom=ida@harbour.example\n";

    [TestCase(Ours + "Authentication-Results: evil.example; dmarc=pass header.from=harbour.example\n" + Theirs, TestName = "of a foreign host")]
    [TestCase(Ours + Theirs + Forged, TestName = "below the first foreign Received")]
    [TestCase("Authentication-Results: mx.example.org; dmarc=none; dkim=none; spf=none\n" + Ours + Forged, TestName = "below the Received that follows the true one")]
    [TestCase(Ours + "Authentication-Results: mx.example.org; dmarc=none; dkim=none; spf=none\n" + Forged, TestName = "right below the true one")]
    [TestCase(Ours + Theirs, TestName = "of nobody")]
    public void A_forged_header_proves_nothing(string header) => Assert.That(ProofOf(header).Level, Is.EqualTo(ProofLevel.Unproven));

    [Test]
    public void With_nobody_to_trust_nobody_has_looked() =>
        Assert.That(MailMarks.Read(Mail($"{Ours}{Forged}{Theirs}"), []).Sender, Is.EqualTo(SenderProof.Unknown));

    [TestCase("From: ida@harbour.example, eve@evil.example\n")]
    [TestCase("From: ida@harbour.example\nFrom: eve@evil.example\n")]
    public void Two_authors_are_none(string from) =>
        Assert.That(MailMarks.Read(Encoding.UTF8.GetBytes($"{Ours}{Forged}{Theirs}{from}\n\nhello"), Trusted).Sender.Level, Is.EqualTo(ProofLevel.Unproven));

    [TestCase(";;;;")]
    [TestCase("(((((")]
    [TestCase("mx.example.org; dkim=\"pass")]
    [TestCase("mx.example.org; = ; dkim= ; \\")]
    public void A_broken_field_proves_nothing(string value) =>
        Assert.That(ProofOf($"{Ours}Authentication-Results: {value}\n{Theirs}").Level, Is.EqualTo(ProofLevel.Unproven));

    private static string WordsOf(string header) => ProofOf(header).Words;

    private static SenderProof ProofOf(string header) => MailMarks.Read(Mail(header), Trusted).Sender;

    private static byte[] Mail(string header) => Encoding.UTF8.GetBytes($"{header}From: Ida <ida@harbour.example>\nTo: a-1@returns.example.org\nSubject: Re: Field Notes 12\n\nLovely.\n");
}
