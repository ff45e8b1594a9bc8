using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Classifying;
using Newsletter.Mailroom;
using Newsletter.Replies;
using Newsletter.Returns;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>Mails that are made to fill memory or time, through the desk to the store.</summary>
public sealed class MailBombTests : DatabaseTests<SqliteHome>
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    private static IEnumerable<TestCaseData> Bombs()
    {
        yield return Bomb("a thousand recipients", $"From: a@b.example\nTo: {string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"r{i}@returns.example.org"))}\nDelivered-To: r-aaaa@returns.example.org\n\nhello");
        yield return Bomb("a thousand sealed-looking recipients", string.Concat(Enumerable.Range(0, 1000).Select(i => $"Delivered-To: r-aegaomuj6eyfga2brkc{i}@returns.example.org\n")) + "From: a@b.example\n\nhello");
        yield return Bomb("huge headers", $"From: a@b.example\nSubject: {new string('s', 5_000_000)}\nX-A: {new string('x', 5_000_000)}\n\nhello");
        yield return Bomb("a hundred thousand headers", $"{Repeat("X-A: b\n", 100_000)}From: a@b.example\n\nhello");
        yield return Bomb("ten thousand results of checks", $"{Repeat("Authentication-Results: mx.example.org; dkim=pass header.d=b.example\n", 10_000)}From: a@b.example\n\nhello");
        yield return Bomb("one result of checks without end", $"Authentication-Results: mx.example.org{Repeat("; dkim=pass (((", 200_000)}\nFrom: a@b.example\n\nhello");
        yield return Bomb("parts in parts", $"From: a@b.example\n{string.Concat(Enumerable.Range(0, 5_000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"))}");
        yield return Bomb("fifty thousand attachments", $"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n{Repeat("--x\nContent-Disposition: attachment; filename=a.txt\n\na\n", 50_000)}--x--\n");
        yield return Bomb("a zip of a gigabyte", $"From: a@b.example\nSubject: Re: Field Notes 12\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nsee this\n--x\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.zip\n\n{Zip()}\n--x--\n");
        yield return Bomb("a text that unpacks to itself, quoted-printable", $"From: a@b.example\nContent-Transfer-Encoding: quoted-printable\n\n{Repeat("=41=42=43=44=45=46=47=48=49=4A=4B=4C=4D=4E=4F=50=51=52=53=54=55=56=57=\n", 100_000)}");
    }

    /// <summary>Only the first megabyte is parsed, and nothing that is packed is unpacked: three readings make half a gigabyte of short-lived objects at most, of whatever mail.</summary>
    [TestCaseSource(nameof(Bombs))]
    public async Task A_mail_bomb_is_stored_and_read_within_bounds(byte[] raw)
    {
        TracedMail.Read(raw, Some.OurAddresses()); // what is made once is made
        var before = GC.GetAllocatedBytesForCurrentThread();
        TracedMail.Read(raw, Some.OurAddresses(), trusted: ["mx.example.org"]);
        ReceivedReply.Read(raw);
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;

        var taken = await new ReturnDesk(new ReturnedMailStore(Database), Some.OurAddresses(), new FakeTimeProvider()).TakeAsync(raw, "test", [], Stop);

        Assert.That(taken.Mail, Is.Not.InstanceOf<ReturnedMail.Bounce>());
        Assert.That(taken.Fault, Is.Null);
        Assert.That(taken.Delivery, Is.Null);
        Assert.That(cost, Is.LessThan(512L << 20), "octets");
    }

    private static TestCaseData Bomb(string name, string text) => new TestCaseData(Encoding.Latin1.GetBytes(text)).SetArgDisplayNames(name);

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();

    /// <summary>A gigabyte of zeros: a megabyte.</summary>
    private static string Zip()
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("a", CompressionLevel.Fastest).Open())
            for (var i = 0; i < 64; i++)
                entry.Write(new byte[1 << 24]);
        return Convert.ToBase64String(packed.ToArray(), Base64FormattingOptions.InsertLineBreaks);
    }
}
