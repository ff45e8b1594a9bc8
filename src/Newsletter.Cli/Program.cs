using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text;
using Newsletter.Cli;

// What is said and written is English with the calendar of ISO 8601, whatever the language of the machine: scripts read it, and so do other machines.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Encoding.RegisterProvider(CodePagesEncodingProvider.Instance); // MimeKit looks once, when it is first used, which charsets there are
var root = new RootCommand("Composes, sends and receives an email newsletter kept as Markdown files.");
Door.AddTo(root);
// One line a command, in the order of the work.
root.Subcommands.Add(QuickstartCommand.Create());
root.Subcommands.Add(RenderCommand.Create());
root.Subcommands.Add(LintCommand.Create());
root.Subcommands.Add(PreviewCommand.Create());
root.Subcommands.Add(SubscribersCommand.Create());
root.Subcommands.Add(SuppressionsCommand.Create());
root.Subcommands.Add(SignUpsCommand.Create());
root.Subcommands.Add(ProofCommand.Create());
root.Subcommands.Add(ScheduleCommand.Create());
root.Subcommands.Add(SendCommand.Create());
root.Subcommands.Add(StatusCommand.Create());
foreach (var control in ControlCommands.Create())
    root.Subcommands.Add(control);
root.Subcommands.Add(RetryCommand.Create());
root.Subcommands.Add(DeliveriesCommand.Create());
root.Subcommands.Add(ReceiveCommand.Create());
root.Subcommands.Add(ReturnsCommand.Create());
root.Subcommands.Add(InboxCommand.Create());
root.Subcommands.Add(IncidentsCommand.Create());
root.Subcommands.Add(SuspensionsCommand.Create());
root.Subcommands.Add(ClassifyCommand.Create());
root.Subcommands.Add(RetentionCommand.Create());
root.Subcommands.Add(AuditCommand.Create());
root.Subcommands.Add(InlineCommand.Create());
root.Subcommands.Add(ServeCommand.Create());
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction && args.Length > 0)
    return WrongUsage.Say(parsed) is var wrong && args.Contains(ReceiveCommand.Mta) ? ExitCode.TryAgain : wrong; // a slip in an alias must not send mail back
// System.CommandLine's own way to stop would cut a verb off after two seconds: a letter in hand may take longer, and must not be lost between wire and ledger.
using var signals = new StopSignals();
var code = await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null }, signals.Token);
return parsed.Action is ParseErrorAction ? ExitCode.WrongUsage : code;
