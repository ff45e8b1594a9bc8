using System.Runtime.CompilerServices;
using System.Text;

namespace Newsletter.Testing;

/// <summary>As the program does at its start: some test uses MimeKit before anything of ours.</summary>
internal static class CodePages
{
    [ModuleInitializer]
    public static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
