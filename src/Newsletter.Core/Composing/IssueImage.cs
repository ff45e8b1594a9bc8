using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>A local image of an issue as it is published: named by its content, so that nobody can change it afterwards.</summary>
/// <param name="Hash">The first 128 bits of the content's SHA-256 in lower-case hex.</param>
/// <param name="MediaType">As <see cref="ImageFile.Read"/> gives it.</param>
/// <param name="Bytes">Octets of the content.</param>
/// <param name="IsEmbedded">Whether letters carry it with them; the page of the archive shows the published one.</param>
public sealed record IssueImage(string Hash, string MediaType, int Bytes, bool IsEmbedded)
{
    /// <summary>The path below the publication's address where published images are.</summary>
    public const string Folder = "images";

    /// <summary>The file itself; empty in an issue that was read from the database, unless it is embedded.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Its name on the web: hash and ending.</summary>
    [JsonIgnore]
    public string FileName => $"{Hash}.{ImageFile.EndingOf(MediaType)}";

    /// <summary>Of a file of the publication.</summary>
    public static IssueImage Of(ReadOnlyMemory<byte> content, string mediaType, bool isEmbedded) =>
        new(Convert.ToHexStringLower(SHA256.HashData(content.Span))[..32], mediaType, content.Length, isEmbedded) { Content = content };

    /// <summary>Its absolute address.</summary>
    /// <param name="site">The publication's address, ending with a slash.</param>
    public Uri Address(Uri site) => new(site, $"{Folder}/{FileName}");

    /// <summary>What letters call it (RFC 2392), without scheme and angle brackets.</summary>
    /// <param name="page">The issue's page: its host makes the name one that nobody else uses.</param>
    public string ContentId(Uri page) => $"{Hash}@{page.IdnHost.Replace(':', '-').Replace('%', '-')}"; // an IPv6 address is no name
}
