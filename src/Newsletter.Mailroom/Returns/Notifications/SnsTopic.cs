namespace Newsletter.Mailroom;

/// <summary>A topic of Amazon SNS, by its ARN, and the one host that may speak for it.</summary>
/// <param name="Arn">As configured.</param>
/// <param name="Region">Where it is.</param>
/// <param name="Domain">Amazon's in that part of the world.</param>
internal sealed record SnsTopic(string Arn, string Region, string Domain)
{
    /// <summary>SNS's host in the topic's region.</summary>
    public string Host => $"sns.{Region}.{Domain}";

    /// <summary>The names that a certificate of SNS may bear: one for most regions, one of their own for those that came later or stand apart.</summary>
    public IReadOnlyList<string> CertificateNames => [$"sns.{Domain}", Host, $"sns-signing.{Region}.{Domain}"];

    /// <summary>Null for a text that is no ARN of a topic.</summary>
    public static SnsTopic? Read(string text) => text.Split(':') is ["arn", var partition, "sns", var region, { Length: > 0 } account, { Length: > 0 } name]
        && DomainOf(partition) is { } domain && IsWord(region) && account.All(char.IsAsciiDigit) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? new(text, region, domain) : null;

    /// <summary>Whether an address is https at SNS's own host, at the usual port.</summary>
    public bool IsOwn(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && address.UserInfo.Length == 0 && address.IdnHost.Equals(Host, StringComparison.OrdinalIgnoreCase);

    private static string? DomainOf(string partition) => partition switch
    {
        "aws" or "aws-us-gov" => "amazonaws.com",
        "aws-cn" => "amazonaws.com.cn",
        _ => null,
    };

    private static bool IsWord(string region) => region.Length is > 3 and < 40 && region.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-');
}
