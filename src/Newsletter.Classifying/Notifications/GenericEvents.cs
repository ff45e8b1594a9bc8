using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Reads our own form, for scripts of any mail server: docs/notifications.md is its contract.</summary>
internal static class GenericEvents
{
    private const NotificationForm Form = NotificationForm.Generic;

    public static ReturnedMail Of(JsonElement told)
    {
        var (name, to, status) = (told.Text("event"), told.Text("recipient"), told.Text("status"));
        var words = told.Text("code") is { Length: 3 } code ? $"{code} {told.Text("diagnostic")}".TrimEnd() : told.Text("diagnostic");
        var evidence = $"event: {name}: {status} {words}";
        return name switch
        {
            "bounce" => EventVerdict.Bounce(to, status, words, null, evidence),
            "delayed" => EventVerdict.Delayed(to, status, words, evidence),
            "complaint" => EventVerdict.Complaint(to, evidence, told.Text("feedback") is { Length: > 0 and <= 40 } type ? type : "abuse"),
            "unsubscribe" => EventVerdict.Left(to, evidence),
            "delivered" => EventVerdict.Delivered(to, words, evidence),
            _ => EventVerdict.Unknown(Form, name),
        };
    }
}
