using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Newsletter.Mailroom;

/// <summary>The plan in force. Where the configuration's file changes it is read again; a change that has a fault is said, and what was in force stays.</summary>
public sealed partial class CurrentPlan
{
    private readonly Lock gate = new();
    private readonly Func<SendingPlan>? read;
    private readonly Func<string> stamp;
    private readonly ILogger log;
    private string known;
    private string seen;

    /// <summary>A plan that never changes.</summary>
    public CurrentPlan(SendingPlan plan)
        : this(plan, null, () => "", NullLogger.Instance)
    {
    }

    /// <param name="plan">In force from the start.</param>
    /// <param name="read">Reads it again; throws a <see cref="SettingException"/>.</param>
    /// <param name="stamp">Another text whenever what is read may have changed.</param>
    /// <param name="log">Where changes and faults are said.</param>
    internal CurrentPlan(SendingPlan plan, Func<SendingPlan>? read, Func<string> stamp, ILogger log)
    {
        (Value, this.read, this.stamp, this.log) = (plan, read, stamp, log);
        known = seen = stamp();
    }

    /// <summary>What is in force.</summary>
    public SendingPlan Value { get; private set; }

    /// <summary>What is wrong with the last change; null where nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>The plan of a publication.</summary>
    /// <exception cref="SettingException">It has a fault now, at the start.</exception>
    public static CurrentPlan Of(IConfiguration configuration, PublicationFolder folder, ILogger<CurrentPlan> log) => configuration is IConfigurationRoot root
        ? new(SendingPlan.Read(root, folder), () => SendingPlan.Read(root.ReadAgain(), folder), root.Stamp, log)
        : new(SendingPlan.Read(configuration, folder));

    /// <summary>Looks whether the file has changed, and takes the new plan where it is right.</summary>
    public void Look()
    {
        if (read is null)
            return;
        lock (gate)
        {
            var now = stamp();
            // Once it has kept still from one look to the next: an editor may be in the middle of writing it.
            if (now == known || now != seen)
            {
                seen = now;
                return;
            }
            known = now;
            Take(read);
        }
    }

    private void Take(Func<SendingPlan> read)
    {
        try
        {
            var plan = read();
            if (plan.FaultAfter(Value) is { } fault)
                throw new SettingException(fault);
            (Value, Fault) = (plan, null);
            LogTaken();
        }
        catch (Exception e) when (e is SettingException or IOException or UnauthorizedAccessException)
        {
            Fault = e.Message.ReplaceLineEndings("; ");
            LogFault(Fault);
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "The settings of Relays, Domains and Pacing were read again and hold from now on")]
    private partial void LogTaken();

    [LoggerMessage(3011, LogLevel.Warning, "The changed settings are not taken, what was in force stays: {Fault}")]
    private partial void LogFault(string fault);
}
