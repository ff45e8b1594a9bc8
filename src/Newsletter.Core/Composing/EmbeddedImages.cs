using System.Text;

namespace Newsletter.Composing;

/// <summary>The images that a letter carries: parts beside its HTML in a multipart/related (RFC 2387), which names them by Content-ID (RFC 2392).</summary>
/// <remarks>They are the same for all readers and encoded once an edition; a letter copies them. Without any there is no multipart/related, and not an octet of it.</remarks>
internal sealed class EmbeddedImages
{
    /// <param name="issue">With the content of its embedded images.</param>
    /// <exception cref="ArgumentException">An embedded image has no content.</exception>
    public EmbeddedImages(RenderedIssue issue)
    {
        var images = issue.Images.Where(image => image.IsEmbedded).ToList();
        if (images.Count == 0)
            return;

        var boundary = $"=_related-{issue.ContentHash[..40]}"; // neither part of the other boundary nor found in base64 or quoted-printable
        Opening = $"Content-Type: multipart/related; type=\"text/html\";\r\n\tboundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n";
        var parts = new StringBuilder();
        foreach (var image in images)
            parts.Append("\r\n--").Append(boundary).Append("\r\n").Append(Part(image, new Uri(issue.WebUrl)));
        Closing = parts.Append("\r\n--").Append(boundary).Append("--\r\n").ToString();
    }

    /// <summary>Before the HTML part; empty without images.</summary>
    public string Opening { get; } = "";

    /// <summary>Behind it.</summary>
    public string Closing { get; } = "";

    private static string Part(IssueImage image, Uri page) => image.Content.Length == image.Bytes
        ? $"Content-Type: {image.MediaType}\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <{image.ContentId(page)}>\r\n" +
          $"Content-Disposition: inline; filename=\"{image.FileName}\"\r\n\r\n{Convert.ToBase64String(image.Content.Span, Base64FormattingOptions.InsertLineBreaks)}"
        : throw new ArgumentException($"the embedded image {image.FileName} has no content");
}
