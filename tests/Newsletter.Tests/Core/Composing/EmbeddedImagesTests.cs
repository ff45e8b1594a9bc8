using MimeKit;
using Newsletter.Addresses;
using Newsletter.Composing;

namespace Newsletter.Tests.Core.Composing;

public sealed class EmbeddedImagesTests
{
    private static readonly IssueImage Carried = IssueImage.Of(ImageFiles.Png(640, 480), "image/png", isEmbedded: true);
    private static readonly IssueImage Published = IssueImage.Of(ImageFiles.Gif(32, 16), "image/gif", isEmbedded: false);

    [Test]
    public void A_letter_carries_its_embedded_images_beside_the_html_that_names_them()
    {
        using var message = MimeMessage.Load(new MemoryStream(Write().Bytes.ToArray()));

        var alternative = (MultipartAlternative)message.Body!;
        var related = (MultipartRelated)alternative[1];
        var image = (MimePart)related[1];
        using var content = new MemoryStream();
        image.Content!.DecodeTo(content);

        Assert.That(alternative, Has.Count.EqualTo(2));
        Assert.That(related, Has.Count.EqualTo(2));
        Assert.That(related.ContentType.Parameters["type"], Is.EqualTo("text/html"));
        Assert.That(((TextPart)related.Root!).Text, Does.Contain($"src=\"cid:{image.ContentId}\"").And.Contain("Zoë"));
        Assert.That((image.ContentType.MimeType, image.ContentDisposition!.Disposition), Is.EqualTo(("image/png", "inline")));
        Assert.That(content.ToArray(), Is.EqualTo(Carried.Content.ToArray()));
    }

    [Test]
    public void Its_signatures_verify() => Assert.That(Dkim.Verify(Write().Bytes), Is.EqualTo(new[] { true, true }));

    [Test]
    public async Task A_verifier_of_another_make_agrees()
    {
        var zone = Dkim.Seal.Keys.ToDictionary(key => key.RecordName, key => key.PublicRecord);

        var verdicts = await DkimCheck.VerifyAsync([Write().Bytes.ToArray()], zone);

        Assert.That(verdicts[0].Select(verdict => verdict.Passes), Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public void Every_line_ends_with_CRLF_and_is_short()
    {
        var text = System.Text.Encoding.ASCII.GetString(Write().Bytes.Span);

        Assert.That(text.Replace("\r\n", "", StringComparison.Ordinal), Does.Not.Contain("\n").And.Not.Contain("\r"));
        Assert.That(text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..].Split("\r\n").Max(line => line.Length), Is.LessThanOrEqualTo(78));
    }

    [Test]
    public void A_letter_without_embedded_images_has_no_part_for_them()
    {
        using var message = MimeMessage.Load(new MemoryStream(Write(Published).Bytes.ToArray()));

        Assert.That(((Multipart)message.Body!).Select(part => part.ContentType.MimeType), Is.EqualTo(new[] { "text/plain", "text/html" }));
    }

    [Test]
    public void An_image_whose_content_is_lost_stops_the_edition_before_its_first_letter() =>
        Assert.That(() => Write(Carried with { Content = default }), Throws.ArgumentException.With.Message.Contains(Carried.FileName));

    private static Letter Write(IssueImage? image = null)
    {
        var issue = Letters.Issue() with
        {
            Images = [image ?? Carried, Published],
            Html = Template.Read($"<p>{{{{ subscriber.name }}}}</p><img src=\"cid:{Carried.ContentId(new("https://news.example.org"))}\" alt=\"x\">", Place.Html, []),
        };
        return new LetterWriter(issue, Some.Publication(), Some.OurAddresses(), Dkim.Seal, DateTimeOffset.UnixEpoch.AddYears(56))
            .Write(DeliveryId.Of(1, 2), EmailAddress.Read("anna@example.com")!, new() { Name = "Zoë" });
    }
}
