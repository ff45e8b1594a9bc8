using System.Text;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Tests.Core.Composing;

namespace Newsletter.Tests.Mailroom.Sending;

public sealed class PickupTransportTests
{
    [Test]
    public async Task A_letter_is_one_file_however_often_it_is_sent()
    {
        using var folder = new TemporaryFolder();
        var letter = Letter(42);

        var first = await new PickupTransport(folder.File("outbox")).SendAsync(letter);
        var second = await new PickupTransport(folder.File("outbox")).SendAsync(letter);

        var path = folder.File("outbox", "7", "42.eml");
        Assert.That(new[] { first, second }, Has.All.EqualTo(new SmtpOutcome.Accepted(path)));
        Assert.That(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo(new[] { path }));
    }

    [Test]
    public async Task The_file_is_the_envelope_and_then_the_letter_as_signed()
    {
        using var folder = new TemporaryFolder();
        var letter = Letter(42);

        await new PickupTransport(folder.Path).SendAsync(letter);

        var bytes = await File.ReadAllBytesAsync(folder.File("7", "42.eml"));
        var envelope = $"X-Sender: <{letter.Sender}>\r\nX-Receiver: <reader@example.com>\r\n";
        Assert.That(bytes, Is.EqualTo(Encoding.ASCII.GetBytes(envelope).Concat(letter.Bytes.ToArray())));
        Assert.That(Dkim.Verify(bytes), Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public async Task An_automatic_mail_is_named_after_its_message_id_and_stays_in_the_folder()
    {
        using var folder = new TemporaryFolder();
        var note = Letter(42) with { Delivery = null, MessageId = "../../x@example.org" };

        await new PickupTransport(folder.Path).SendAsync(note);

        Assert.That(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo(new[] { folder.File("notes", "------x@example-org.eml") }));
    }

    [Test]
    public async Task Where_no_file_can_be_written_nothing_is_half_written_and_the_path_is_named()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("outbox"), "in the way");
        var transport = new PickupTransport(folder.File("outbox"));

        var opened = await transport.OpenAsync(CancellationToken.None);
        var sent = await transport.SendAsync(Letter(1));

        Assert.That(new[] { opened, sent }, Has.All.TypeOf<SmtpOutcome.Refused>().And.All.Property("Scope").EqualTo(SmtpScope.Relay));
        Assert.That(sent.Words, Does.StartWith($"cannot write {folder.File("outbox", "7", "1.eml")}"));
        Assert.That(sent.Remedy, Is.Not.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path).Count(), Is.EqualTo(1));
    }

    private static Letter Letter(int reader) => Letters.Writer().Write(DeliveryId.Of(7, reader), EmailAddress.Read("reader@example.com")!, new());
}
