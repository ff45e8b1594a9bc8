using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Newsletter.Subscribers;

/// <summary>What a sign-up form says to whom it asks: everything that somebody agrees to when they press its button.</summary>
/// <remarks>It is named by its hash: the same words are the same wording, and words that were changed are another, so that what was once agreed to stays as it was.</remarks>
/// <param name="Form">The form's name.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Text">Title, words, what there is to choose, privacy, the button; lines ended by LF.</param>
public sealed record Wording(string Form, string Language, string Text)
{
    /// <summary>SHA-256 of form, language and text, each ended by LF but the last, in UTF-8; lower-case hexadecimal.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Form}\n{Language}\n{Text}")));

    /// <summary>The first 64 bits of the hash, the highest left out: never negative.</summary>
    public long Id => long.Parse(Hash.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & long.MaxValue;
}
