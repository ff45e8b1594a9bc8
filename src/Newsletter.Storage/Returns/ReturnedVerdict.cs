using System.Text.Encodings.Web;
using System.Text.Json;
using Newsletter.Classifying;

namespace Newsletter.Storage;

/// <summary>What a mail was read as, as JSON for the record: whom it names, why, how the delivery was proven, which ids it names.</summary>
internal static class ReturnedVerdict
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToJson(ReturnedMail mail) => JsonSerializer.Serialize(new
    {
        reason = (mail as ReturnedMail.Bounce)?.Summary.ReasonWord ?? "",
        permanence = (mail as ReturnedMail.Bounce)?.Summary.PermanenceWord ?? "",
        proof = mail.Origin.Proof,
        messageIds = mail.Origin.MessageIds,
        recipients = mail.Recipients.Select(each => new
        {
            address = each.Address,
            status = each.Status?.ToString() ?? "",
            permanence = each.Verdict.PermanenceWord,
            reason = each.Verdict.ReasonWord,
            words = each.Verdict.Words,
            outcome = each.Outcome.ToString().ToLowerInvariant(),
        }),
    }, Json);
}
