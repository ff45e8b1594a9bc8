using System.Text;
using Newsletter.Addresses;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns;

/// <summary>A mail is the same mail whichever way it comes, and no two mails are one.</summary>
public sealed class FingerprintTests
{
    private static readonly OurAddresses Ours = Some.OurAddresses();
    private static readonly DeliveryId First = new(new(7), new(1));
    private static readonly DeliveryId Second = new(new(7), new(2));

    private static readonly string Mail = $"""
        From: Ida Lund <ida@harbour.example>
        To: {Ours.ReplyTo(First)}
        Subject: Re: a long subject that a server
         may fold anew
        Date: Mon, 2 Nov 2026 08:00:00 +0100
        Message-ID: <a1@harbour.example>

        Lovely.

        From the harbour,
        Ida

        """.ReplaceLineEndings("\n");

    private static readonly string[] Traces =
    [
        "Return-Path: <ida@harbour.example>", "Received: from a.example by b.example; Mon, 2 Nov 2026 08:00:01 +0100", "Delivered-To: returns@example.org",
        "X-Original-To: returns@example.org", "Envelope-To: returns@example.org", "ARC-Seal: i=1; a=rsa-sha256; cv=none;\n d=example.org", "Authentication-Results: mx.example.org;\n spf=pass",
        "X-Spam-Status: No, score=-1", "Status: RO", "X-UID: 12", "DKIM-Signature: v=1; a=rsa-sha256;\n b=abc=", "Received-SPF: pass", "Content-Length: 40", "X-GM-THRID: 1",
    ];

    [Test]
    public void What_servers_write_on_it_on_two_ways_makes_no_other_mail_of_it()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);

        for (var i = 0; i < 2_000; i++)
        {
            var travelled = Travelled(Mail, random);
            Assert.That(Of(travelled), Is.EqualTo(Of(Mail)), $"seed {seed}: {travelled}");
        }
    }

    [TestCase("Lovely.", "Lovely!")]
    [TestCase("Re: a long", "A long")]
    [TestCase("08:00:00", "08:00:01")]
    [TestCase("<a1@", "<a2@")]
    [TestCase("ida@harbour", "eva@harbour")]
    [TestCase("Lovely.\n\nFrom", "Lovely.\nFrom")]
    public void Another_word_of_the_author_makes_another_mail(string word, string other) =>
        Assert.That(Of(Mail.Replace(word, other, StringComparison.Ordinal)), Is.Not.EqualTo(Of(Mail)));

    [Test]
    public void The_same_words_to_two_addresses_of_ours_are_two_mails()
    {
        const string Bounce = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nDate: Mon, 2 Nov 2026 08:00:00 +0100\n\nno such user\n";

        Assert.That(
            new[] { Ours.ReturnPath(First), Ours.ReturnPath(Second), Ours.UnsubscribeMail(First), Ours.Thread(1), Ours.Thread(2), Ours.Forward(1, 1), Ours.Forward(1, 2), Ours.Probe(new(1, new(1))).ReturnPath, "returns@example.org" }.Select(to => Of($"Delivered-To: {to}\n{Bounce}")),
            Is.Unique);
    }

    [Test]
    public void A_seal_is_the_same_however_a_server_writes_it_down()
    {
        const string Bounce = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nno such user\n";
        var to = Ours.ReturnPath(First);

        Assert.That(Of($"X-Original-To: {to.ToUpperInvariant()}\nDelivered-To: returns@example.org\n{Bounce}"), Is.EqualTo(Of($"Delivered-To: <{to}>\n{Bounce}")));
    }

    [Test]
    public void A_mail_without_date_and_id_is_known_by_its_first_server_so_that_who_leaves_twice_is_heard_twice()
    {
        const string Leave = "From: ida@harbour.example\nSubject: unsubscribe\n\n";
        const string Hop = "Received: from ida by harbour.example; Mon, 2 Nov 2026 08:00:00 +0100\n";

        Assert.That(Of($"Received: from harbour.example by b.example; later\n{Hop}{Leave}"), Is.EqualTo(Of(Hop + Leave)));
        Assert.That(Of(Hop.Replace("2 Nov", "9 Nov", StringComparison.Ordinal) + Leave), Is.Not.EqualTo(Of(Hop + Leave)));
    }

    [Test]
    public void Any_bytes_have_one()
    {
        var random = new Random(5);

        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            Assert.That(Fingerprint.Of(bytes, Ours), Has.Length.EqualTo(66));
        }
    }

    private static string Of(string mail) => Fingerprint.Of(Encoding.UTF8.GetBytes(mail), Ours);

    /// <summary>The mail with some traces before and among its fields, with one or the other line end, cut out of an mbox file or not.</summary>
    private static string Travelled(string mail, Random random)
    {
        var fields = mail[..mail.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n').ToList();
        foreach (var trace in Traces.Where(_ => random.Next(2) == 0))
        {
            var at = random.Next(fields.Count + 1);
            fields.Insert(at < fields.Count && fields[at][0] == ' ' ? 0 : at, trace);
        }
        var body = mail[(mail.IndexOf("\n\n", StringComparison.Ordinal) + 2)..].TrimEnd('\n') + new string('\n', random.Next(4));
        var isMbox = random.Next(2) == 0;
        if (isMbox)
            body = body.Replace("\nFrom ", "\n>From ", StringComparison.Ordinal);
        var header = string.Join('\n', fields);
        if (random.Next(2) == 0)
            header = header.Replace("that a server\n may fold anew", "that\n\ta server may   fold anew", StringComparison.Ordinal);
        var whole = $"{(isMbox ? "From ida@harbour.example Mon Nov  2 08:00:00 2026\n" : "")}{header}\n\n{body}";
        return random.Next(2) == 0 ? whole.ReplaceLineEndings("\r\n") : whole;
    }
}
