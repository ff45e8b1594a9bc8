using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Newsletter.Mailroom;

/// <summary>A message of SNS as it is posted to us. Every member may be missing or nonsense until the signature is checked.</summary>
/// <remarks>Source: Amazon SNS Developer Guide, "HTTP/HTTPS notification JSON format" and "Verifying the signatures of Amazon SNS messages".</remarks>
internal sealed record SnsEnvelope(
    string? Type, string? MessageId, string? TopicArn, string? Subject, string? Message, string? Timestamp, string? Token,
    string? SubscribeURL, string? SignatureVersion, string? Signature, string? SigningCertURL)
{
    private static readonly JsonSerializerOptions Json = new() { MaxDepth = 8 };

    /// <summary>Null for what is no such message.</summary>
    public static SnsEnvelope? Read(ReadOnlySpan<byte> body)
    {
        try { return JsonSerializer.Deserialize<SnsEnvelope>(body, Json); }
        catch (JsonException) { return null; }
    }

    /// <summary>When it was published; null where it does not say.</summary>
    public DateTimeOffset? At => DateTimeOffset.TryParse(Timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    /// <summary>Version 1 is SHA-1, version 2 SHA-256; others there are not.</summary>
    public HashAlgorithmName? Hash => SignatureVersion switch { "1" => HashAlgorithmName.SHA1, "2" => HashAlgorithmName.SHA256, _ => null };

    /// <summary>What is signed: name and value of some members, each on a line, in the order of their names. Null where one is missing, or the type is none.</summary>
    public byte[]? Signed()
    {
        (string Name, string? Value)[]? members = Type switch
        {
            "Notification" when Subject is null => [(nameof(Message), Message), (nameof(MessageId), MessageId), (nameof(Timestamp), Timestamp), (nameof(TopicArn), TopicArn), (nameof(Type), Type)],
            "Notification" => [(nameof(Message), Message), (nameof(MessageId), MessageId), (nameof(Subject), Subject), (nameof(Timestamp), Timestamp), (nameof(TopicArn), TopicArn), (nameof(Type), Type)],
            "SubscriptionConfirmation" or "UnsubscribeConfirmation" =>
            [
                (nameof(Message), Message), (nameof(MessageId), MessageId), (nameof(SubscribeURL), SubscribeURL), (nameof(Timestamp), Timestamp), (nameof(Token), Token), (nameof(TopicArn), TopicArn), (nameof(Type), Type),
            ],
            _ => null,
        };
        return members is null || Array.Exists(members, member => member.Value is null) ? null
            : Encoding.UTF8.GetBytes(string.Concat(members.Select(member => $"{member.Name}\n{member.Value}\n")));
    }
}
