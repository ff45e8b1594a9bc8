using Newsletter.Addresses;
using Newsletter.Composing;

namespace Newsletter.Tests.Core.Composing;

/// <summary>What a verifier of another make says: python3-dkim.</summary>
public sealed class DkimSecondOpinionTests
{
    private static readonly Dictionary<string, string> Zone = Dkim.Seal.Keys.ToDictionary(key => key.RecordName, key => key.PublicRecord);

    [Test]
    public async Task A_letter_and_a_note_verify()
    {
        var letter = Letters.Writer().Write(DeliveryId.Of(1, 2), EmailAddress.Read("anna@example.com")!, new() { Name = "Zoë" });
        var note = new NoteWriter(Some.Publication(), Dkim.Seal).Write(new()
        {
            To = EmailAddress.Read("editor@example.net")!, Subject = "Grüße", Text = "  two  blanks \t\n\n\n", MessageId = "n-1@example.org", Date = DateTimeOffset.UnixEpoch,
        });

        var verdicts = await DkimCheck.VerifyAsync([letter.Bytes.ToArray(), note.Bytes.ToArray()], Zone);

        DkimVerdict[] both = [new("example.org", "rsa-sha256", true, ""), new("example.org", "ed25519-sha256", true, "")];
        Assert.That(verdicts, Is.EqualTo(new[] { both, both }));
    }

    [Test]
    public async Task A_letter_with_a_second_From_or_another_body_does_not()
    {
        var letter = Letters.Writer().Write(DeliveryId.Of(1, 2), EmailAddress.Read("anna@example.com")!, new()).Bytes.ToArray();
        byte[] secondFrom = [.. "From: evil@example.com\r\n"u8, .. letter];
        byte[] longer = [.. letter, .. "more\r\n"u8];

        var verdicts = await DkimCheck.VerifyAsync([secondFrom, longer], Zone);

        Assert.That(verdicts.SelectMany(each => each).Select(verdict => verdict.Passes), Is.EqualTo(new[] { false, false, false, false }));
    }
}
