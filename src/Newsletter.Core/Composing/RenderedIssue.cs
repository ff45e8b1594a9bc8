using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>An issue made ready for mail programs and for the web, no reader in it yet. Frozen with an edition; editing the file later changes nothing of it.</summary>
public sealed record RenderedIssue
{
    private static readonly JsonSerializerOptions Json = new() { MaxDepth = 512 };

    /// <summary>The issue's number; null for one without (a welcome letter, a file tried out).</summary>
    public int? Number { get; init; }

    /// <summary>Its address on the web, without the base: letters, digits, hyphens.</summary>
    public required string Slug { get; init; }

    /// <summary>As the archive shows it; empty where the issue has none.</summary>
    public string Title { get; init; } = "";

    /// <summary>Below the title; may be empty.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>The issue's own date; null where it has none.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Slots stand in <see cref="Place.Header"/>; unfolded, not yet encoded.</summary>
    public required Template Subject { get; init; }

    /// <summary>Another subject, to be tried on a part of the readers; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Template? SubjectB { get; init; }

    /// <summary>The whole HTML document of the letter, styles inlined.</summary>
    public required Template Html { get; init; }

    /// <summary>The plain-text part, lines ended by LF, written from the Markdown.</summary>
    public required Template Text { get; init; }

    /// <summary>The words that mail programs show behind the subject; stands in <see cref="Html"/> already.</summary>
    public string Preheader { get; init; } = "";

    /// <summary>The page of the archive: no personal value, no token, no part meant for mail only.</summary>
    public required string WebHtml { get; init; }

    /// <summary>What that page says of the issue itself, for feeds: an HTML fragment without slots, its addresses absolute but for those within the page.</summary>
    public string WebBody { get; init; } = "";

    /// <summary>The absolute address of that page.</summary>
    public required string WebUrl { get; init; }

    /// <summary>Where replies go if this issue says so; empty: as the publication says.</summary>
    public string ReplyTo { get; init; } = "";

    /// <summary>BCP 47.</summary>
    public required string Lang { get; init; }

    /// <summary>The publication's images that it shows, each once: they are kept with it, and letters carry those that are embedded.</summary>
    public IReadOnlyList<IssueImage> Images { get; init; } = [];

    /// <summary>All that was found while reading and rendering, in the order of lines. With an error the issue must not be sent.</summary>
    public IReadOnlyList<IssueProblem> Problems { get; init; } = [];

    /// <summary>Whether it must not be sent.</summary>
    [JsonIgnore]
    public bool HasErrors => Problems.Any(problem => problem.Severity == Severity.Error);

    /// <summary>SHA-256 in lower-case hex over everything that is sent: subject, HTML, text, Reply-To, language. Equal hashes are equal letters.</summary>
    public string ContentHash
    {
        get
        {
            string[] sent = [Subject.ToJson(), Html.ToJson(), Text.ToJson(), ReplyTo, Lang, .. SubjectB is null ? (string[])[] : [SubjectB.ToJson()]];
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(sent, Json))));
        }
    }

    /// <summary>The beginning of <see cref="ContentHash"/>: says in the ledger which text a letter had.</summary>
    [JsonIgnore]
    public string Revision => ContentHash[..12];

    /// <summary>For the database; read again by <see cref="FromJson"/>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The two sides of one format.</summary>
    /// <exception cref="JsonException">The text was not written by <see cref="ToJson"/>.</exception>
    public static RenderedIssue FromJson(string json) => JsonSerializer.Deserialize<RenderedIssue>(json, Json) ?? throw new JsonException("a rendered issue is not null");
}
