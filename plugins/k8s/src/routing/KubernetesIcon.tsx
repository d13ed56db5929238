import SvgIcon from '@material-ui/core/SvgIcon';
import type { SvgIconProps } from '@material-ui/core/SvgIcon';

/** A steering wheel with seven spokes. */
export function KubernetesIcon(props: SvgIconProps) {
  return (
    <SvgIcon {...props} viewBox="0 0 24 24">
      <g
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
      >
        <circle cx="12" cy="12" r="6.4" />
        <circle cx="12" cy="12" r="1.6" />
        {[0, 1, 2, 3, 4, 5, 6].map(spoke => (
          <path
            key={spoke}
            d="M12 10.4V2"
            transform={`rotate(${(spoke * 360) / 7} 12 12)`}
          />
        ))}
      </g>
    </SvgIcon>
  );
}
