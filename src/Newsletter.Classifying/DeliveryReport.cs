namespace Newsletter.Classifying;

/// <summary>Reads the fields of a delivery status notification (RFC 3464 §2), in their own part or, from broken gateways, in a text.</summary>
internal static class DeliveryReport
{
    private const int MaxRecipients = 200;

    /// <summary>Null where no recipient's fields are in the mail, or where a person shows a report to us.</summary>
    public static ReturnedMail? Read(IncomingMail mail)
    {
        if (mail.IsReceipt || IsShownByPerson(mail))
            return null;
        var (groups, place) = (mail.Status.Where(group => group.IsRecipient).Take(MaxRecipients).ToList(), mail.StatusPlace);
        if (groups.Count == 0 && Machine.IsSender(mail))
            (groups, place) = FromTexts(mail);
        if (groups.Count == 0)
            return null;

        var text = string.Join('\n', mail.Texts.SelectMany(each => each.Lines).Where(line => !line.StartsWith('>')).Take(80));
        var told = groups.Select(group => Recipient(mail, group, text)).ToList();
        var outcome = told.Min(each => each.Outcome);
        var decisive = told.FindIndex(each => each.Outcome == outcome);
        var named = told.Where(each => each.Address.Length > 0).DistinctBy(each => (each.Address.ToLowerInvariant(), each.Outcome)).ToList();
        var confidence = mail.IsReport || mail.Status.Count > 0 ? Confidence.High : Confidence.Medium;
        var evidence = Classifier.Line($"{place}, line {groups[decisive].Line}: Action: {groups[decisive]["Action"]}; Status: {groups[decisive]["Status"]}; {groups[decisive]["Diagnostic-Code"]}");
        return outcome switch
        {
            RecipientOutcome.Failed => new ReturnedMail.Bounce(named, told[decisive].Verdict) { Evidence = evidence, Confidence = confidence },
            RecipientOutcome.Delayed => new ReturnedMail.Delayed(named) { Evidence = evidence, Confidence = confidence },
            _ => new ReturnedMail.Delivered(named) { Evidence = evidence, Confidence = confidence },
        };
    }

    /// <summary>A person who answers or forwards a report is a person, even where the mail program keeps the status part.</summary>
    private static bool IsShownByPerson(IncomingMail mail) => !mail.IsReport && !Machine.IsSender(mail) && Human.AnswersOrForwards(mail);

    private static (List<FieldGroup> Groups, string Place) FromTexts(IncomingMail mail)
    {
        foreach (var text in mail.Texts)
            if (RecipientsIn(text.Lines) is { Count: > 0 } groups)
                return (groups, text.Place);
        // A robot that passes on a report as text: what seems to be the returned letter is the report.
        return mail.ReturnedValue("Content-Type")?.Contains("delivery-status", StringComparison.OrdinalIgnoreCase) == true
            ? (RecipientsIn(mail.WholeText), "a report in the text") : ([], "");
    }

    private static List<FieldGroup> RecipientsIn(IReadOnlyList<string> lines) =>
        FieldGroup.ReadAll(lines.Select(line => line.TrimStart())).Where(group => group.IsRecipient && (group["Action"] ?? group["Status"]) is not null).Take(MaxRecipients).ToList();

    private static ReturnedRecipient Recipient(IncomingMail mail, FieldGroup group, string text)
    {
        var address = Address(mail, group);
        var diagnostic = group["Diagnostic-Code"] ?? group["X-Notes-Diagnostic-Code"] ?? "";
        var prose = ProseSegments.About(mail, address);
        // OpenSMTPD writes X.0.0 and no Diagnostic-Code: what the far server said stands in its text alone.
        var status = Status(group["Status"], diagnostic.Length > 0 ? diagnostic : prose);
        var outcome = Outcome(group, text);
        if (outcome == RecipientOutcome.Delivered)
            return new(address, status, new(BounceReason.Other, Permanence.Unknown, ""), outcome);
        var verdict = BounceRules.Of(status, SmtpCode.Find(diagnostic), near: [diagnostic, group["Status"] ?? ""], far: [prose, text]);
        return new(address, status, outcome == RecipientOutcome.Delayed ? verdict with { Permanence = Permanence.Transient } : verdict, outcome);
    }

    /// <summary>The address we wrote to before the one it was forwarded to; a program or a file as recipient (Exim) leaves only X-Failed-Recipients.</summary>
    private static string Address(IncomingMail mail, FieldGroup group)
    {
        if (group["Final-Recipient"] is { } final && final.Contains('/', StringComparison.Ordinal) && (final.Contains(";|", StringComparison.Ordinal) || !final.Contains('@')))
            return mail.All("X-Failed-Recipients").SelectMany(Addressing.FindIn).Select(seen => seen.Address).FirstOrDefault() ?? "";
        return Addressing.OfField(group["Original-Recipient"]) ?? Addressing.OfField(group["Final-Recipient"]) ?? Addressing.OfField(group["X-Actual-Recipient"])
            ?? UnnamedRecipient.OfReturnPath(mail) ?? "";
    }

    private static RecipientOutcome Outcome(FieldGroup group, string text)
    {
        var action = group["Action"]?.Trim().ToLowerInvariant() ?? "";
        if (action.StartsWith("delay", StringComparison.Ordinal))
            return RecipientOutcome.Delayed;
        if (action.StartsWith("deliver", StringComparison.Ordinal) || action.StartsWith("relay", StringComparison.Ordinal) || action.StartsWith("expand", StringComparison.Ordinal))
            return RecipientOutcome.Delivered;
        if (action.Length > 0)
            return RecipientOutcome.Failed; // also "failure", "error", "expired"
        return EnhancedStatus.Read(group["Status"])?.Class switch
        {
            2 => RecipientOutcome.Delivered,
            4 when MailWords.Delays.Match(Phrases.Plain(text)) is not null => RecipientOutcome.Delayed,
            _ => RecipientOutcome.Failed,
        };
    }

    /// <summary>The field's code, unless it tells nothing and the server's own words have a better one.</summary>
    private static EnhancedStatus? Status(string? field, string diagnostic)
    {
        var given = EnhancedStatus.Read(field) ?? (field is null ? null : EnhancedStatus.Find(field));
        if (given is { IsTelling: true })
            return given;
        return EnhancedStatus.Find(diagnostic) is { } said && (given is null || said.IsTelling) ? said : given;
    }
}
