using System.Text;

namespace Newsletter.Classifying;

/// <summary>Reads the notifications of Amazon SES that SNS sends by mail to whoever subscribes so: <see cref="SesEvents"/> in a mail's text.</summary>
internal static class SesNotice
{
    /// <summary>Null unless SNS passed it on and it is a notice about a letter. The headers that it quotes of the letter are kept with the mail.</summary>
    public static ReturnedMail? Read(IncomingMail mail)
    {
        if (mail.Header("x-amz-sns-message-id") is null || mail.Json.Length == 0)
            return null;
        using var document = EventJson.Parse(Encoding.UTF8.GetBytes(mail.Json)); // what stands behind the value is SNS's footer
        if (document is null)
            return null;
        if (mail.Returned.Count == 0 && document.RootElement.Part("mail") is { } letter)
            mail.Returned.AddRange(letter.List("headers", 200).Select(header => new ReturnedHeader(header.Text("name"), header.Text("value"))));
        return SesEvents.Of(document.RootElement);
    }
}
