using System.Globalization;

namespace Newsletter.Returns;

/// <summary>What the editor is told of an incident by mail.</summary>
public static class IncidentNotice
{
    /// <summary>The mail's text. It names no reader.</summary>
    /// <param name="incident">Its number.</param>
    /// <param name="edition">Whose letters were refused.</param>
    /// <param name="provider">Whose mailboxes; empty: of all.</param>
    /// <param name="words">What one of the servers said.</param>
    /// <param name="found">Why it is a wave.</param>
    /// <param name="isPaused">Whether the edition waits.</param>
    /// <param name="back">How many readers were given back.</param>
    public static string Words(long incident, long edition, string provider, string words, string found, bool isPaused, long back) => string.Create(CultureInfo.InvariantCulture, $"""
        At {(provider.Length > 0 ? provider : "many providers")}: {found}. What one of the servers said:
            {words}

        {(isPaused ? $"Edition {edition} is paused." : $"Edition {edition} goes on.")} Nobody is suspended for this{(back > 0 ? $"; {back} who were before it was seen are active again" : "")}.

        To look at it:
            newsletter incidents show {incident}
        If it was the server's fault or ours (the readers stay; send them the letter again afterwards):
            newsletter incidents undo {incident}
            newsletter retry {edition} --incident {incident}
        If these addresses are dead indeed (the readers are suspended):
            newsletter incidents accept {incident}
        To let the edition go on:
            newsletter resume {edition}
        """);
}
